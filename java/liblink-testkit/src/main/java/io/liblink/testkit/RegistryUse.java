package io.liblink.testkit;

/**
 * How much a cluster made of its registry: see {@link TestCluster#registryUse}.
 *
 * @param requests how often nodes announced, withdrew, began to watch, or asked for a list
 * @param views how many views were told to those who watch
 * @param watches how many watches are open now
 */
public record RegistryUse(long requests, long views, int watches) {}
