package io.liblink.cli.args;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Writes completion scripts for shells from the same table that parses. */
public final class Completion {
  private final List<Shape> shapes;
  private final List<Option> globals;

  /** For these commands; hidden ones are not offered. */
  public Completion(List<Shape> shapes, List<Option> globals) {
    this.shapes = shapes.stream().filter(s -> !s.hidden()).toList();
    this.globals = globals;
  }

  /** The shells that {@link #script} knows. */
  public static List<String> shells() {
    return List.of("bash", "zsh", "fish");
  }

  /**
   * The script for a shell.
   *
   * @throws UsageException when there is none
   */
  public String script(String shell) {
    return switch (shell) {
      case "bash" -> bash();
      case "zsh" -> zsh();
      case "fish" -> fish();
      default ->
        throw new UsageException(
            "no completion for '" + shell + "'", "there is one for bash, zsh and fish");
    };
  }

  private static String first(Shape s) {
    int space = s.name().indexOf(' ');
    return space < 0 ? s.name() : s.name().substring(0, space);
  }

  private Set<String> firstWords() {
    Set<String> words = new TreeSet<>();
    shapes.forEach(s -> words.add(first(s)));
    words.add("help");
    return words;
  }

  private List<Shape> members(String group) {
    return shapes.stream().filter(s -> s.name().startsWith(group + " ")).toList();
  }

  /** The options of every command that starts with that word, and the global ones. */
  private Set<Option> options(String firstWord) {
    Set<Option> all = new java.util.LinkedHashSet<>();
    shapes.stream().filter(s -> first(s).equals(firstWord)).forEach(s -> all.addAll(s.options()));
    all.addAll(globals);
    return all;
  }

  private static String names(Iterable<Option> options) {
    List<String> names = new ArrayList<>();
    for (Option o : options) {
      names.add(o.name());
      if (!o.shortName().isEmpty()) {
        names.add(o.shortName());
      }
    }
    return String.join(" ", names);
  }

  /** What may follow the first word besides options: members of a group, shells, commands. */
  private String followers(String firstWord) {
    if (firstWord.equals("help")) {
      return String.join(" ", firstWords());
    }
    if (firstWord.equals("completion")) {
      return String.join(" ", shells());
    }
    List<String> second = new ArrayList<>();
    members(firstWord).forEach(s -> second.add(s.name().substring(firstWord.length() + 1)));
    return String.join(" ", second);
  }

  private String bash() {
    StringBuilder s = new StringBuilder();
    s.append("# bash completion of liblink: source <(liblink completion bash)\n");
    s.append("_liblink() {\n");
    s.append(
        "  local word=\"${COMP_WORDS[COMP_CWORD]}\" command=\"${COMP_WORDS[1]}\" words=\"\"\n");
    s.append("  COMPREPLY=()\n");
    s.append("  if [ \"$COMP_CWORD\" -eq 1 ]; then\n");
    s.append("    words=\"").append(String.join(" ", firstWords())).append(' ');
    s.append(names(globals)).append("\"\n");
    s.append("  else\n    case \"$command\" in\n");
    for (String word : firstWords()) {
      s.append("      ").append(word).append(")\n        case \"$word\" in\n");
      s.append("          -*) words=\"").append(names(options(word))).append("\" ;;\n");
      s.append("          *) [ \"$COMP_CWORD\" -eq 2 ] && words=\"");
      s.append(followers(word)).append("\" ;;\n");
      s.append("        esac ;;\n");
    }
    s.append("    esac\n  fi\n");
    s.append("  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n");
    s.append("complete -o default -F _liblink liblink ./liblink\n");
    return s.toString();
  }

  private String zsh() {
    StringBuilder s = new StringBuilder("#compdef liblink\n");
    s.append("# zsh completion of liblink: source <(liblink completion zsh)\n");
    s.append("_liblink() {\n  local -a offer\n");
    s.append("  if (( CURRENT == 2 )); then\n    offer=(\n");
    for (String word : firstWords()) {
      s.append("      '").append(zshText(word)).append(':').append(zshText(summary(word)));
      s.append("'\n");
    }
    s.append("    )\n    _describe command offer\n    return\n  fi\n");
    s.append("  case \"$words[2]\" in\n");
    for (String word : firstWords()) {
      s.append("    ").append(word).append(")\n      offer=(\n");
      for (Option o : options(word)) {
        s.append("        '")
            .append(o.name())
            .append(':')
            .append(zshText(o.help()))
            .append("'\n");
      }
      for (String follower : followers(word).split(" ")) {
        if (!follower.isEmpty()) {
          s.append("        '").append(follower).append("'\n");
        }
      }
      s.append("      )\n      _describe option offer\n      _files ;;\n");
    }
    s.append("  esac\n}\ncompdef _liblink liblink ./liblink\n");
    return s.toString();
  }

  private static String zshText(String text) {
    return text.replace("'", "'\\''").replace(":", "\\:");
  }

  private String summary(String word) {
    for (Shape s : shapes) {
      if (s.name().equals(word)) {
        return s.summary();
      }
    }
    List<Shape> members = members(word);
    return members.isEmpty() ? "explains a command" : members.get(0).summary();
  }

  private String fish() {
    StringBuilder s =
        new StringBuilder("# fish completion of liblink: liblink completion fish | source\n");
    for (String word : firstWords()) {
      s.append("complete -c liblink -n __fish_use_subcommand -a ").append(word);
      s.append(" -d '").append(fishText(summary(word))).append("'\n");
      String seen = " -n '__fish_seen_subcommand_from " + word + "'";
      String followers = followers(word);
      if (!followers.isEmpty()) {
        s.append("complete -c liblink")
            .append(seen)
            .append(" -a '")
            .append(followers)
            .append("'\n");
      }
      for (Option o : options(word)) {
        s.append("complete -c liblink")
            .append(seen)
            .append(" -l ")
            .append(o.name().substring(2));
        s.append(o.shortName().isEmpty() ? "" : " -s " + o.shortName().substring(1));
        s.append(o.isFlag() ? "" : " -r")
            .append(" -d '")
            .append(fishText(o.help()))
            .append("'\n");
      }
    }
    return s.toString();
  }

  private static String fishText(String text) {
    return text.replace("\\", "\\\\").replace("'", "\\'");
  }
}
