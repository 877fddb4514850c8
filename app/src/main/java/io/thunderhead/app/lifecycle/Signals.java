package io.thunderhead.app.lifecycle;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT: the first of either asks for an orderly stop. After it SIGTERM changes
 * nothing, as supervisors repeat it and {@link Drain} bounds the stop; SIGINT ends the process at
 * once.
 *
 * <p>The JDK's own answer to a signal, the shutdown hooks, can't see a second one. The class that
 * can lies outside the supported API, so it is reached by reflection, and where it is missing a
 * shutdown hook serves for the first signal.
 */
public final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
  private static final int KILLED_BY_SIGNAL = 128;
  private static final int SIGINT = 2;
  private static final int SIGTERM = 15;

  private final Runnable firstSignal;
  private final IntConsumer halt;
  private final AtomicBoolean seen = new AtomicBoolean();

  Signals(Runnable firstSignal, IntConsumer halt) {
    this.firstSignal = firstSignal;
    this.halt = halt;
  }

  /** The action runs on a thread of the JVM's and must return soon. */
  public static void install(Runnable firstSignal) {
    Signals signals = new Signals(firstSignal, Runtime.getRuntime()::halt);
    try {
      signals.handle("TERM", SIGTERM);
      signals.handle("INT", SIGINT);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      LOG.debug("No signal handling, falling back on a shutdown hook: {}", e.toString());
      Runtime.getRuntime().addShutdownHook(new Thread(firstSignal, "stop-on-signal"));
    }
  }

  private void handle(String name, int number) throws ReflectiveOperationException {
    Class<?> signalClass = Class.forName("sun.misc.Signal");
    Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
    Object handler =
        Proxy.newProxyInstance(
            Signals.class.getClassLoader(),
            new Class<?>[] {handlerClass},
            (proxy, method, args) -> answer(proxy, method, args, number));
    signalClass
        .getMethod("handle", signalClass, handlerClass)
        .invoke(null, signalClass.getConstructor(String.class).newInstance(name), handler);
  }

  // A proxy gets Object's methods too, and the JDK keeps handlers in a hash table.
  @SuppressWarnings("ReferenceEquality") // equals of a proxy that is nothing but itself
  private Object answer(Object proxy, Method method, Object[] args, int number) {
    return switch (method.getName()) {
      case "equals" -> proxy == args[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> "Signals";
      default -> {
        onSignal(number);
        yield "";
      }
    };
  }

  void onSignal(int number) {
    if (seen.compareAndSet(false, true)) {
      firstSignal.run();
    } else if (number == SIGINT) {
      halt.accept(KILLED_BY_SIGNAL + number);
    }
  }
}
