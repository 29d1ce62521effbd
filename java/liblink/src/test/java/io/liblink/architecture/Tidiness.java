package io.liblink.architecture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a text file of the repository must not hold. Each finding names the line and the cure. */
final class Tidiness {
  private static final int TEST_LINES = 800;

  /** Written in pieces, so that this file may hold them. */
  private static final Map<Pattern, String> BANNED = new LinkedHashMap<>();

  static {
    ban(
        "(?<![\\w.~-])/(work|root|Users|home)" + "/\\w",
        "a path of one machine: use ~ or a relative path");
    ban(
        "repo1?" + "\\.mav|registry\\.np" + "m|(deb|security)\\." + "debian\\.org|(proxy|sum)\\."
            + "golang|files\\.python" + "hosted|pypi\\." + "org|index\\.crat" + "es",
        "the host of a package registry: leave it to the user's settings");
    ban(
        "\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b(?!\\([^)]{10,}\\))",
        "finish it, or give the reason: TO" + "DO(why it waits)");
    ban("<<<<" + "<<<|>>>>" + ">>>", "a merge that was not finished");
    ban("\t", "a tab: indent with spaces");
    ban("\r", "a carriage return: lines end with a line feed");
    ban("[ ]+$", "spaces at the end of the line");
    ban("\ufeff", "a byte order mark");
  }

  private Tidiness() {}

  private static void ban(String regex, String cure) {
    BANNED.put(Pattern.compile(regex, Pattern.MULTILINE), cure);
  }

  /** Every finding in one file. */
  static List<String> findings(String name, String text) {
    List<String> found = new ArrayList<>();
    BANNED.forEach((pattern, cure) -> {
      Matcher m = pattern.matcher(text);
      if (m.find()) {
        long line = text.substring(0, m.start()).chars().filter(c -> c == '\n').count() + 1;
        found.add(name + ":" + line + ": '" + m.group().strip() + "' is " + cure);
      }
    });
    if (!text.isEmpty() && !text.endsWith("\n")) {
      found.add(name + ": the last line has no end");
    }
    long lines = text.lines().count();
    if (name.endsWith(".java") && lines > TEST_LINES) {
      found.add(name + ": " + lines + " lines; split it, " + TEST_LINES + " at most");
    }
    return found;
  }
}
