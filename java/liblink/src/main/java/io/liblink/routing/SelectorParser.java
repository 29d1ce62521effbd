package io.liblink.routing;

import io.liblink.routing.Clause.Operator;
import io.liblink.routing.SelectorLexer.Kind;
import io.liblink.routing.SelectorLexer.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Recursive descent over {@code spec/selectors.md}. Used once, by one thread. */
final class SelectorParser {
  private static final String OPERATORS =
      "an operator: ==, !=, contains, not contains, matches, not matches, is empty, is not empty, or"
          + " in, not in after a value";

  private final String source;
  private final SelectorLexer lexer;
  private int depth;

  SelectorParser(String source) {
    if (source.length() > Selector.MAX_BYTES
        || source.getBytes(StandardCharsets.UTF_8).length > Selector.MAX_BYTES) {
      throw new SelectorException(source, 0, "longer than " + Selector.MAX_BYTES + " bytes");
    }
    this.source = source;
    this.lexer = new SelectorLexer(source);
  }

  Clause parse() {
    Clause all = or();
    Token rest = lexer.next();
    if (rest.kind() != Kind.END) {
      throw expected("'and', 'or' or the end", rest);
    }
    return all;
  }

  private Clause or() {
    List<Clause> parts = new ArrayList<>();
    do {
      Clause part = and();
      if (part instanceof Clause.Or inner) {
        parts.addAll(inner.parts());
      } else {
        parts.add(part);
      }
    } while (lexer.skip("or"));
    return parts.size() == 1 ? parts.get(0) : new Clause.Or(List.copyOf(parts));
  }

  private Clause and() {
    List<Clause> parts = new ArrayList<>();
    do {
      Clause part = not();
      if (part instanceof Clause.And inner) {
        parts.addAll(inner.parts());
      } else {
        parts.add(part);
      }
    } while (lexer.skip("and"));
    return parts.size() == 1 ? parts.get(0) : new Clause.And(List.copyOf(parts));
  }

  private Clause not() {
    Token first = lexer.peek();
    boolean group = first.kind() == Kind.OPEN;
    if (!group && !first.is("not")) {
      return match();
    }
    if (++depth > Selector.MAX_DEPTH) {
      throw new SelectorException(
          source, first.at(), "nested deeper than " + Selector.MAX_DEPTH + " levels");
    }
    lexer.next();
    Clause result;
    if (group) {
      result = or();
      Token close = lexer.next();
      if (close.kind() != Kind.CLOSE) {
        throw expected("')' for the '(' at column " + column(first), close);
      }
    } else {
      Clause part = not();
      result = part instanceof Clause.Not twice ? twice.part() : new Clause.Not(part);
    }
    depth--;
    return result;
  }

  private Clause match() {
    Token first = lexer.next();
    switch (first.kind()) {
      case STRING, NUMBER -> {
        return valueFirst(first);
      }
      case WORD -> {
        Token then = lexer.peek();
        boolean in = then.is("in") || (then.is("not") && lexer.peekSecond().is("in"));
        return in ? valueFirst(first) : keyFirst(key(first));
      }
      default -> throw expected("a metadata key, a value before 'in', 'not' or '('", first);
    }
  }

  private Clause valueFirst(Token value) {
    boolean negated = lexer.skip("not");
    Token in = lexer.next();
    if (!in.is("in")) {
      throw expected(
          "'in' after a value; other operators have the key first, as in zone == \"eu\"", in);
    }
    Token right = lexer.next();
    if (right.kind() != Kind.WORD) {
      throw expected(
          "a metadata key after 'in', as in \"a\" in tags; for one of several values write"
              + " zone == \"a\" or zone == \"b\"",
          right);
    }
    return new Clause.Match(key(right), Operator.CONTAINS, negated, value.text(), null);
  }

  private Clause keyFirst(SelectorKey key) {
    Token operator = lexer.next();
    boolean negated = operator.is("!=");
    if (negated || operator.is("==")) {
      return compared(key, operator, Operator.EQUALS, negated);
    }
    if (operator.is("is")) {
      negated = lexer.skip("not");
      Token empty = lexer.next();
      if (!empty.is("empty")) {
        throw expected(negated ? "'empty'" : "'empty' or 'not empty'", empty);
      }
      return new Clause.Match(key, Operator.EMPTY, negated, "", null);
    }
    negated = operator.is("not");
    Token word = negated ? lexer.next() : operator;
    if (word.is("contains")) {
      return compared(key, word, Operator.CONTAINS, negated);
    }
    if (word.is("matches")) {
      return compared(key, word, Operator.MATCHES, negated);
    }
    throw expected(negated ? "'contains', 'matches' or 'in' after 'not'" : OPERATORS, word);
  }

  private Clause compared(SelectorKey key, Token sign, Operator operator, boolean negated) {
    if (key.kind() == SelectorKey.Kind.ALL && operator != Operator.CONTAINS) {
      throw new SelectorException(
          source,
          sign.at(),
          "expected 'contains' or 'is empty' after 'meta', which is all metadata; one key is"
              + " meta[\"key\"]");
    }
    Token value = lexer.next();
    boolean fits =
        value.kind() == Kind.STRING || value.kind() == Kind.NUMBER || value.kind() == Kind.WORD;
    if (!fits) {
      throw expected("a value: \"text\", a number or a word", value);
    }
    LinearRegex regex = null;
    if (operator == Operator.MATCHES) {
      try {
        regex = LinearRegex.parse(value.text());
      } catch (IllegalArgumentException e) {
        throw new SelectorException(
            source, value.at(), "expected a regular expression: " + e.getMessage());
      }
    }
    return new Clause.Match(key, operator, negated, value.text(), regex);
  }

  /** The key that starts with that word, which may go on with an index. */
  private SelectorKey key(Token word) {
    String text = word.text();
    if (text.equals(SelectorKey.ALL_NAME) && lexer.peek().kind() == Kind.OPEN_INDEX) {
      lexer.next();
      Token name = lexer.next();
      if (name.kind() != Kind.STRING || name.text().isEmpty()) {
        throw expected("a quoted metadata key, as in meta[\"key\"]", name);
      }
      Token close = lexer.next();
      if (close.kind() != Kind.CLOSE_INDEX) {
        throw expected("']'", close);
      }
      return SelectorKey.meta(name.text());
    }
    boolean prefixed = text.startsWith(SelectorKey.ALL_NAME + ".");
    String name = prefixed ? text.substring(SelectorKey.ALL_NAME.length() + 1) : text;
    if (name.indexOf('.') >= 0 || name.indexOf('/') >= 0) {
      throw new SelectorException(
          source,
          word.at(),
          "a key with '.' or '/' is written meta[" + SelectorText.quoted(name) + "]");
    }
    if (prefixed) {
      return SelectorKey.meta(name);
    }
    if (SelectorKey.KEYWORDS.contains(name)) {
      throw new SelectorException(
          source,
          word.at(),
          "expected a key, found '" + name + "'; a key of that name is written meta[\"" + name
              + "\"]");
    }
    return SelectorKey.bare(name);
  }

  private SelectorException expected(String what, Token found) {
    String hint = switch (found.text()) {
      case "=" -> "; equality is '=='";
      case "&", "&&" -> "; write 'and'";
      case "|", "||" -> "; write 'or'";
      case "!" -> "; write 'not'";
      case "AND", "OR", "NOT", "IN", "IS", "CONTAINS", "MATCHES" -> "; operators are lower-case";
      default -> "";
    };
    return new SelectorException(
        source, found.at(), "expected " + what + ", found " + found.described() + hint);
  }

  private int column(Token token) {
    return source.codePointCount(0, token.at()) + 1;
  }
}
