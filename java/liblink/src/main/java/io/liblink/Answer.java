package io.liblink;

import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import org.jspecify.annotations.Nullable;

/**
 * What one instance said to a survey: a value or a failure, never both.
 *
 * @param instance who was asked
 * @param value what it answered, null when it failed
 * @param failure why it did not answer, null when it did
 */
public record Answer<T>(
    Instance instance, @Nullable T value, @Nullable LinkException failure) {}
