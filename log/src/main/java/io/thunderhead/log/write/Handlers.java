package io.thunderhead.log.write;

import org.jspecify.annotations.Nullable;

/** Makes the handlers that settings name by class. */
final class Handlers {
  private Handlers() {}

  @SuppressWarnings("unchecked") // Of what it handles, a class name says nothing.
  static <T> EventHandler<T> eventHandler(@Nullable String className) {
    return className == null
        ? new PackingEventHandler<>()
        : (EventHandler<T>) open("event.handler", className, EventHandler.class);
  }

  @SuppressWarnings("unchecked") // The same.
  static <T> CallbackHandler<T> callbackHandler(@Nullable String className) {
    return className == null
        ? CallbackHandler.none()
        : (CallbackHandler<T>) open("callback.handler", className, CallbackHandler.class);
  }

  private static <H> H open(String setting, String className, Class<H> type) {
    try {
      ClassLoader context = Thread.currentThread().getContextClassLoader();
      ClassLoader loader = context == null ? Handlers.class.getClassLoader() : context;
      Class<?> found = Class.forName(className, true, loader);
      if (!type.isAssignableFrom(found)) {
        throw new IllegalArgumentException(
            setting + ": " + className + " is no " + type.getSimpleName());
      }
      return type.cast(found.getConstructor().newInstance());
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IllegalArgumentException(
          setting + ": " + className + " has no class or no public constructor without parameters",
          e);
    }
  }
}
