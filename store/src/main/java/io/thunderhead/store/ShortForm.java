package io.thunderhead.store;

import java.util.Arrays;

/**
 * An encoded post as a block keeps it: without its own id and its author's, which the cell has
 * anyway, and with the places of the ids that a rule may ask for later, so that they are not kept
 * twice. A carrier that its owner fills again for each post.
 *
 * <pre>
 *  encoded   0a 31 | 08 id 4217 | 10 author 88 | 18 created | 20 parent 4199 | … | 58 id 4217
 *  body      0a 31   08          ▲10            ▲18 created   20 parent 4199   …   58         ▲
 *  places         OWN_ID 3 ──────┘ AUTHOR_ID 4 ─┘     IN_REPLY_TO_POST 11        OWN_ID_AGAIN 44
 * </pre>
 *
 * <p>The store does not know what a post's fields mean. It takes the encoded form for a message of
 * numbers, looks where ids stand that it was told, and believes only what it finds to be equal. Ids
 * that it does not find, because the form is something else, stand behind the body.
 */
final class ShortForm {
  // Which ids have a place. The first three were taken out, and stand in this order.

  static final int OWN_ID = 1;
  static final int AUTHOR_ID = 2;
  static final int OWN_ID_AGAIN = 4;
  static final int TAKEN_OUT = 7;

  /** The place of an id that stands behind the body. */
  static final int BEHIND = 255;

  private static final int FIRST_FIELD = 3;
  private static final int KINDS = 8;

  /** Shorter ones are not worth their place's byte. */
  private static final int LEAST_WIDTH = 2;

  private static final int NUMBER = 0;
  private static final int MESSAGE = 2;

  final byte[] body = new byte[PostStore.MAX_ENCODED_BYTES];
  private final int[] places = new int[KINDS];
  private final long[] fields = new long[KINDS];
  private int bodyLength;
  private int ids;

  /** Takes a post, and those of its ids that are to be kept as {@link PostBlock} names them. */
  void take(PostFields post, int fieldsKept) {
    ids = fieldsKept;
    bodyLength = 0;
    Arrays.fill(places, BEHIND);
    fields[FIRST_FIELD] = post.inReplyToPostId;
    fields[FIRST_FIELD + 1] = post.inReplyToUserId;
    fields[FIRST_FIELD + 2] = post.conversationId;
    fields[FIRST_FIELD + 3] = post.sourcePostId;
    fields[FIRST_FIELD + 4] = post.sourceUserId;
    byte[] encoded = post.encoded;
    int end = post.encodedOffset + post.encodedLength;
    int copied = post.encodedOffset;
    int at = firstField(encoded, copied, end);
    while (at < end && encoded[at] > 0 && (encoded[at] & 7) == NUMBER) {
      at++;
      int width = Varint.width(encoded, at, end);
      if (width == 0) {
        break;
      }
      long value = Varint.get(encoded, at, width);
      if (width >= LEAST_WIDTH && width == Varint.width(value)) {
        int cut = idToCut(value, post);
        if (cut != 0) {
          append(encoded, copied, at);
          copied = at + width;
          places[Integer.numberOfTrailingZeros(cut)] = bodyLength;
          ids |= cut;
        } else {
          notePlace(value, bodyLength + at - copied);
        }
      }
      at += width;
    }
    append(encoded, copied, end);
  }

  int bodyLength() {
    return bodyLength;
  }

  /** The ids that have a place, behind the body or in it. */
  int ids() {
    return ids;
  }

  /** Where in the body an id stands or has stood, or {@link #BEHIND}. */
  int place(int kind) {
    return places[kind];
  }

  /** An id that is kept. */
  long field(int kind) {
    return fields[kind];
  }

  /** Ids that stand behind the body. */
  int behind() {
    int count = 0;
    for (int kind = FIRST_FIELD; kind < KINDS; kind++) {
      count += (ids & 1 << kind) != 0 && places[kind] == BEHIND ? 1 : 0;
    }
    return count;
  }

  /** Where the message's first field begins; at the end when it is no message of this length. */
  private static int firstField(byte[] encoded, int from, int end) {
    if (end - from < 2 || encoded[from] <= 0 || (encoded[from] & 7) != MESSAGE) {
      return end;
    }
    int width = Varint.width(encoded, from + 1, end);
    int begin = from + 1 + width;
    return width > 0 && Varint.get(encoded, from + 1, width) == end - begin ? begin : end;
  }

  private int idToCut(long value, PostFields post) {
    if (value == post.postId) {
      if ((ids & TAKEN_OUT) == 0) {
        return OWN_ID;
      }
      return (ids & OWN_ID) != 0 && (ids & OWN_ID_AGAIN) == 0 ? OWN_ID_AGAIN : 0;
    }
    return value == post.authorId && (ids & (AUTHOR_ID | OWN_ID_AGAIN)) == 0 ? AUTHOR_ID : 0;
  }

  private void notePlace(long value, int place) {
    for (int kind = FIRST_FIELD; kind < KINDS; kind++) {
      if ((ids & 1 << kind) != 0 && places[kind] == BEHIND && fields[kind] == value) {
        places[kind] = place;
        return;
      }
    }
  }

  private void append(byte[] encoded, int from, int to) {
    System.arraycopy(encoded, from, body, bodyLength, to - from);
    bodyLength += to - from;
  }
}
