package io.thunderhead.log.write;

import io.thunderhead.protocol.PackedRecord;

/** Events as docs/wire.md packs them: lengths and a checksum, so an event may hold any bytes. */
final class PackedFrame implements Frame {
  private final PackedRecord.Packer packer;

  PackedFrame(int maxEvents, int maxBytes) {
    packer = new PackedRecord.Packer(maxEvents, maxBytes);
  }

  @Override
  public boolean canShare(byte[] src, int offset, int length) {
    return true;
  }

  @Override
  public boolean fits(int length) {
    return packer.fits(length);
  }

  @Override
  public void add(byte[] src, int offset, int length) {
    packer.add(src, offset, length);
  }

  @Override
  public int events() {
    return packer.events();
  }

  @Override
  public byte[] toRecord() {
    return packer.toRecord();
  }

  @Override
  public void clear() {
    packer.clear();
  }
}
