package io.liblink;

import java.util.List;

/**
 * Matches {@code service/method} against patterns in which {@code *} stands for one dot-separated
 * token and {@code >} at the end for the rest: {@code pricing/*}, {@code pricing/quote.>}.
 */
final class EndpointPattern {
  private final String service;
  private final String[] tokens;

  private EndpointPattern(String pattern) {
    int slash = pattern.indexOf('/');
    if (slash <= 0 || slash == pattern.length() - 1) {
      throw new IllegalArgumentException(
          "'" + pattern + "' is not a pattern: write service/method, with * for one token");
    }
    this.service = pattern.substring(0, slash);
    this.tokens = pattern.substring(slash + 1).split("\\.", -1);
  }

  static Interceptor restrict(Interceptor inner, boolean only, String... patterns) {
    List<EndpointPattern> list =
        java.util.Arrays.stream(patterns).map(EndpointPattern::new).toList();
    return (call, request, next) ->
        list.stream().anyMatch(p -> p.matches(call.service(), call.method())) == only
            ? inner.intercept(call, request, next)
            : next.proceed(request);
  }

  private boolean matches(String calledService, String method) {
    if (!service.equals("*") && !service.equals(calledService)) {
      return false;
    }
    String[] parts = method.split("\\.", -1);
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i].equals(">") && i == tokens.length - 1) {
        return parts.length > i;
      }
      if (i >= parts.length || !(tokens[i].equals("*") || tokens[i].equals(parts[i]))) {
        return false;
      }
    }
    return parts.length == tokens.length;
  }
}
