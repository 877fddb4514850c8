package io.thunderhead.log.write;

/** Nobody watches. */
final class NoCallback<T> implements CallbackHandler<T> {
  private static final NoCallback<Object> INSTANCE = new NoCallback<>();

  private NoCallback() {}

  @SuppressWarnings("unchecked") // It looks at no item.
  static <T> NoCallback<T> instance() {
    return (NoCallback<T>) INSTANCE;
  }
}
