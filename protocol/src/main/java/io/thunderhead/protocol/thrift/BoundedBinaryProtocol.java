package io.thunderhead.protocol.thrift;

import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TProtocolException;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.transport.TMemoryInputTransport;
import org.apache.thrift.transport.TTransportException;

/**
 * The binary protocol with the holes of its skipping closed. As the library has it, skipping a
 * string of a negative length moves backwards, for ever if the bytes are chosen well, and a uuid
 * can't be skipped at all. Skipping allocates nothing for fields and strings.
 */
final class BoundedBinaryProtocol extends TBinaryProtocol {
  private static final int UUID_BYTES = 16;

  private final TMemoryInputTransport in;

  BoundedBinaryProtocol(TMemoryInputTransport in) {
    super(in);
    this.in = in;
  }

  /** Skips one value; containers and structs count one level of {@code maxDepth} each. */
  @Override
  public void skip(byte type, int maxDepth) throws TException {
    if (type == TType.UUID) {
      skipBytes(UUID_BYTES);
    } else {
      super.skip(type, maxDepth);
    }
  }

  @Override
  protected void skipBinary() throws TException {
    int size = readI32();
    if (size < 0) {
      throw new TProtocolException(TProtocolException.NEGATIVE_SIZE, "negative length");
    }
    if (size > in.getBytesRemainingInBuffer()) {
      throw new TProtocolException(TProtocolException.SIZE_LIMIT, "length beyond the record");
    }
    in.consumeBuffer(size);
  }

  @Override
  public int getMinSerializedSize(byte type) throws TTransportException {
    return type == TType.UUID ? UUID_BYTES : super.getMinSerializedSize(type);
  }
}
