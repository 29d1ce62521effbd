package io.liblink.proof.process;

/** What a process of a proof does. Made by its name in that process, so it needs a public constructor without arguments. */
@FunctionalInterface
public interface Role {
  /** Sets everything up; the process is ready when this returns, and lives on. */
  void start(Part part) throws Exception;
}
