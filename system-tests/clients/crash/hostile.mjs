// Records that nobody should send, made from a good event. `certain`: they can't be an event, so that
// each must end in the dead letters; the others may be one by chance, and only must not cost others.
import { createEvent } from '../tweet-event.mjs';

export function hostileRecords(random) {
  const event = createEvent({ id: '12345', author: '7', createdAt: 1700000000 });
  const certain = (value) => ({ value, certain: true });
  const records = [
    certain(Buffer.alloc(0)),
    certain(Buffer.alloc(1)),
    certain(Buffer.from('{"not":"thrift"}')),
    certain(Buffer.from('GET / HTTP/1.1\r\n\r\n')),
    certain(Buffer.alloc(900_000, 0xff)),
    certain(Buffer.from([0x0f, 0, 1, 0x0c, 0x7f, 0xff, 0xff, 0xff])), // a list of two billion structs
    certain(Buffer.from([0x0b, 0, 1, 0x7f, 0xff, 0xff, 0xff, 0x41])), // a string of two gigabytes
    certain(Buffer.from([0x0b, 0, 1, 0xff, 0xff, 0xff, 0xff])), // a negative length
    certain(Buffer.concat(Array(20_000).fill(Buffer.from([0x0c, 0, 1])))), // nested, never closed
    certain(Buffer.concat([event, Buffer.from([1, 2, 3])])),
    certain(event.subarray(0, event.length - 1)),
    { value: null },
  ];
  for (let tenth = 1; tenth < 10; tenth++) {
    records.push(certain(event.subarray(0, Math.floor((event.length * tenth) / 10))));
  }
  for (let i = 0; i < 40; i++) {
    const flipped = Buffer.from(event);
    flipped[random(flipped.length)] ^= 1 << random(8);
    records.push({ value: flipped });
  }
  for (let i = 0; i < 20; i++) {
    const noise = Buffer.from(Array.from({ length: 1 + random(200) }, () => random(256)));
    records.push({ value: noise });
  }
  return records;
}
