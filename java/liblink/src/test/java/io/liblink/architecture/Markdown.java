package io.liblink.architecture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One page: its links, titles and code blocks. */
final class Markdown {
  private static final Pattern FENCE = Pattern.compile("(?ms)^ *```(\\w*)\\n(.*?)^ *```");
  private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern TITLE = Pattern.compile("(?m)^#{1,6} +(.+?) *$");
  private static final Pattern NAMED = Pattern.compile("<a (?:id|name)=\"([^\"]+)\">");

  private final Path file;
  private final String text;
  private final String prose;

  Markdown(Path file, String text) {
    this.file = file;
    this.text = text;
    this.prose = FENCE.matcher(text).replaceAll("").replaceAll("`[^`\\n]*`", "`code`");
  }

  /** The code blocks of that language. */
  List<String> code(String language) {
    List<String> blocks = new ArrayList<>();
    Matcher m = FENCE.matcher(text);
    while (m.find()) {
      if (m.group(1).equals(language)) {
        blocks.add(m.group(2));
      }
    }
    return blocks;
  }

  /** Code inside lines of prose. */
  List<String> codeSpans() {
    return Pattern.compile("`([^`\\n]+)`")
        .matcher(FENCE.matcher(text).replaceAll(""))
        .results()
        .map(m -> m.group(1))
        .toList();
  }

  /** The first line that is a title of the first order, or nothing. */
  String title() {
    Matcher m = Pattern.compile("(?m)\\A# (.+)$").matcher(text);
    return m.find() ? m.group(1) : "";
  }

  /** Relative links, as written. */
  List<String> links() {
    List<String> found = new ArrayList<>();
    Matcher m = LINK.matcher(prose);
    while (m.find()) {
      if (!m.group(1).matches("[a-z]+:.*")) {
        found.add(m.group(1));
      }
    }
    return found;
  }

  /** Links that lead nowhere. */
  List<String> brokenLinks(Path root) {
    List<String> broken = new ArrayList<>();
    for (String link : links()) {
      int hash = link.indexOf('#');
      String path = hash < 0 ? link : link.substring(0, hash);
      Path target = root.resolve(file).resolveSibling(path).normalize();
      if (!path.isEmpty() && !(target.startsWith(root) && Files.exists(target))) {
        broken.add(file + ": " + link + " leads to no file");
      } else if (hash >= 0 && !anchors(root, path, target).contains(link.substring(hash + 1))) {
        broken.add(file + ": " + link + " leads to no title");
      }
    }
    return broken;
  }

  private Set<String> anchors(Path root, String path, Path target) {
    return path.isEmpty()
        ? anchors()
        : new Markdown(root.relativize(target), Tree.read(root.relativize(target))).anchors();
  }

  /** What a link may point to, by the rule of the usual renderers. */
  Set<String> anchors() {
    Set<String> anchors = new HashSet<>();
    Matcher titles = TITLE.matcher(FENCE.matcher(text).replaceAll(""));
    while (titles.find()) {
      String slug = titles
          .group(1)
          .toLowerCase(Locale.ROOT)
          .replaceAll("[^\\p{L}\\p{N} _-]", "")
          .replace(' ', '-');
      String unique = slug;
      for (int i = 1; !anchors.add(unique); i++) {
        unique = slug + "-" + i;
      }
    }
    Matcher named = NAMED.matcher(text);
    while (named.find()) {
      anchors.add(named.group(1));
    }
    return anchors;
  }
}
