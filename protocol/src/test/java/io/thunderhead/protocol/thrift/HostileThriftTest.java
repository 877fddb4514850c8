package io.thunderhead.protocol.thrift;

import static io.thunderhead.protocol.thrift.ThriftBytes.BOOL;
import static io.thunderhead.protocol.thrift.ThriftBytes.BYTE;
import static io.thunderhead.protocol.thrift.ThriftBytes.DOUBLE;
import static io.thunderhead.protocol.thrift.ThriftBytes.I16;
import static io.thunderhead.protocol.thrift.ThriftBytes.I32;
import static io.thunderhead.protocol.thrift.ThriftBytes.I64;
import static io.thunderhead.protocol.thrift.ThriftBytes.LIST;
import static io.thunderhead.protocol.thrift.ThriftBytes.MAP;
import static io.thunderhead.protocol.thrift.ThriftBytes.SET;
import static io.thunderhead.protocol.thrift.ThriftBytes.STOP;
import static io.thunderhead.protocol.thrift.ThriftBytes.STRING;
import static io.thunderhead.protocol.thrift.ThriftBytes.STRUCT;
import static io.thunderhead.protocol.thrift.ThriftBytes.UUID;
import static io.thunderhead.protocol.thrift.ThriftBytes.VOID;
import static io.thunderhead.protocol.thrift.ThriftBytes.coreData;
import static io.thunderhead.protocol.thrift.ThriftBytes.thrift;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.RejectReason;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bytes that want to crash, stall or inflate the reader cost it one exception each. */
@Timeout(60)
class HostileThriftTest {
  private static final int HUNDRED_MILLION = 100_000_000;
  private static final int MAX_ALLOCATED_BYTES = 4 * 1024;

  private final TweetEventReader reader = new TweetEventReader();

  @Test
  void sizesBeyondTheRecord_areRejectedWithoutReservingThem() {
    Map<String, byte[]> bombs = new LinkedHashMap<>();
    for (int type :
        new int[] {
          STOP, VOID, BOOL, BYTE, DOUBLE, I16, I32, I64, STRING, STRUCT, MAP, SET, LIST, UUID, 77
        }) {
      for (int size : new int[] {HUNDRED_MILLION, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
        String name = "%d elements of type %d".formatted(size, type);
        bombs.put("list: " + name, inEvent(e -> e.field(LIST, 90).raw(type).i32(size)));
        bombs.put("set: " + name, inEvent(e -> e.field(SET, 90).raw(type).i32(size)));
        bombs.put("map: " + name, inEvent(e -> e.field(MAP, 90).raw(type, type).i32(size)));
        bombs.put("media: " + name, inTweet(e -> e.field(LIST, 7).raw(type).i32(size)));
        bombs.put("text: " + name, inEvent(e -> e.field(STRING, 2).i32(size)));
      }
    }
    bombs.put(
        "a string that steps back onto itself",
        inEvent(e -> e.field(STRING, 90).i32(-7).field(STRING, 90).i32(-7)));
    bombs.forEach((name, bytes) -> {
      RejectReason reason = reasonOf(bytes);
      assertThat(reason).as(name).isEqualTo(RejectReason.NOT_THRIFT);
    });
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    bombs.forEach((name, bytes) -> {
      long before = threads.getCurrentThreadAllocatedBytes();
      RejectReason reason = reasonOf(bytes);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(reason).isNotNull();
      assertThat(allocated).as(name).isLessThan(MAX_ALLOCATED_BYTES);
    });
  }

  @Test
  void emptyContainers_ofAnyType_areSkipped() throws Exception {
    byte[] bytes =
        inEvent(e -> {
          for (int type :
              new int[] {BOOL, BYTE, DOUBLE, I16, I32, I64, STRING, STRUCT, LIST, UUID}) {
            e.field(LIST, 90).raw(type).i32(0);
            e.field(SET, 91).raw(type).i32(0);
            e.field(MAP, 92).raw(type, type).i32(0);
          }
          e.field(UUID, 93).bytes(new byte[16]);
          e.field(LIST, 94).raw(UUID).i32(2).bytes(new byte[32]);
        });
    reader.read(bytes, 0, bytes.length);
    assertThat(reader.postId()).isEqualTo(10);
  }

  @Test
  void nesting_upToTheLimit_isSkippedAndBeyondItRejected() throws Exception {
    byte[] deep = nestedStructs(TweetEventReader.MAX_SKIP_DEPTH);
    reader.read(deep, 0, deep.length);
    assertThat(reader.postId()).isEqualTo(10);
    for (int depth : new int[] {TweetEventReader.MAX_SKIP_DEPTH + 1, 10_000, 300_000}) {
      assertThat(reasonOf(nestedStructs(depth))).isEqualTo(RejectReason.TOO_DEEP);
      assertThat(reasonOf(nestedLists(depth))).isEqualTo(RejectReason.TOO_DEEP);
    }
  }

  @Test
  void trailingBytes_areRejected() {
    byte[] bytes = thriftBytesOfAGoodEvent().raw(0).toByteArray();
    assertThat(reasonOf(bytes)).isEqualTo(RejectReason.TRAILING_BYTES);
  }

  @Test
  void randomChangesToAGoodEvent_neverDoMoreThanRejectIt() {
    Random random = new Random(3);
    byte[] good =
        inEvent(e ->
            e.field(LIST, 90)
                .raw(STRING)
                .i32(2)
                .i32(3)
                .raw(1, 2, 3)
                .i32(0)
                .field(MAP, 91)
                .raw(I16, STRUCT)
                .i32(1)
                .raw(0, 1)
                .field(STRUCT, 1)
                .stop(2));
    int accepted = 0;
    for (int round = 0; round < 100_000; round++) {
      byte[] bytes = good.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(bytes.length);
        bytes[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextInt(17));
      }
      if (reasonOf(bytes) == null) {
        accepted++;
        assertThat(reader.kind()).isNotNull();
      }
    }
    assertThat(accepted).isBetween(1000, 99_000);
  }

  @Test
  void randomBytes_areRejected() {
    Random random = new Random(4);
    for (int round = 0; round < 100_000; round++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = random.nextInt(3) == 0 ? bytes[i] : (byte) random.nextInt(17);
      }
      RejectReason reason = reasonOf(bytes);
      if (reason == null) {
        assertThat(reader.kind()).isEqualTo(TweetEventReader.Kind.OTHER);
      }
    }
  }

  @Test
  void reader_afterAnyRejection_readsTheNextEvent() throws Exception {
    List<byte[]> bad = new ArrayList<>();
    bad.add(nestedStructs(10_000));
    bad.add(new byte[] {1, 2, 3});
    bad.add(new byte[0]);
    bad.add(inEvent(e -> e.field(STRING, 2).i32(-1)));
    byte[] good = thriftBytesOfAGoodEvent().toByteArray();
    for (byte[] bytes : bad) {
      assertThat(reasonOf(bytes)).isNotNull();
      reader.read(good, 0, good.length);
      assertThat(reader.postId()).isEqualTo(10);
      assertThat(reader.authorId()).isEqualTo(20);
    }
  }

  private static ThriftBytes thriftBytesOfAGoodEvent() {
    return coreData().i64(1, 20).i64(4, 1000).endCreate();
  }

  private static byte[] inEvent(Consumer<ThriftBytes> fields) {
    ThriftBytes event = coreData().i64(1, 20).i64(4, 1000);
    fields.accept(event);
    return event.endCreate().toByteArray();
  }

  private static byte[] inTweet(Consumer<ThriftBytes> fields) {
    ThriftBytes event = thrift().data().field(STRUCT, 1).field(STRUCT, 1).i64(1, 10);
    fields.accept(event);
    return event.stop(4).toByteArray();
  }

  private static byte[] nestedStructs(int depth) {
    return inEvent(e -> {
      for (int i = 0; i < depth; i++) {
        e.field(STRUCT, 90);
      }
      e.stop(depth);
    });
  }

  private static byte[] nestedLists(int depth) {
    return inEvent(e -> {
      e.field(LIST, 90);
      for (int i = 1; i < depth; i++) {
        e.raw(LIST).i32(1);
      }
      e.raw(BYTE).i32(1).raw(0);
    });
  }

  private @Nullable RejectReason reasonOf(byte[] bytes) {
    try {
      reader.read(bytes, 0, bytes.length);
      return null;
    } catch (MalformedEventException e) {
      return e.reason();
    }
  }
}
