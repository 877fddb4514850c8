// Publishes a firehose of TweetEvents with kafkajs and the thrift package, and writes down each
// event once the broker has acknowledged it: the ledger that the checks are held against.
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { flags } from './flags.mjs';
import {
  createEvent,
  deleteEvent,
  malformedEvent,
  quotedDeleteEvent,
  undeleteEvent,
} from './tweet-event.mjs';

const args = flags({
  bootstrap: undefined,
  ledger: undefined,
  topic: 'tweet_events',
  events: '10000',
  rate: '1000',
  authors: '300',
  seed: '1',
});
const events = Number(args.events);
const authors = Number(args.authors);

let state = BigInt(args.seed);
function random(bound) {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
  return Number((state >> 33n) % BigInt(bound));
}

const firstId = BigInt(Date.now()) << 22n;
const posts = [];
const live = (filter) => {
  for (let tries = 0; tries < 50 && posts.length > 0; tries++) {
    const post = posts[posts.length - 1 - random(Math.min(posts.length, 2000))];
    if (!post.gone && filter(post)) return post;
  }
  return undefined;
};
const isOriginal = (post) => !post.parent && !post.source;

function next(i) {
  const id = String(firstId + BigInt(i));
  const author = String(1_000_000 + (i % authors));
  const createdAt = Math.floor(Date.now() / 1000);
  const dice = random(100);
  const post = { id, author, createdAt };
  if (dice < 6) {
    const gone = live(() => true);
    if (gone) {
      gone.gone = true;
      const quoted = dice < 2;
      const value = quoted
        ? quotedDeleteEvent(gone.id, gone.author, '12345', Date.now())
        : deleteEvent(gone.id, gone.author, Date.now());
      return { key: gone.author, value, entry: { kind: quoted ? 'quoted_delete' : 'delete', id: gone.id } };
    }
  } else if (dice < 9) {
    const value = malformedEvent(i, id);
    const sha256 = createHash('sha256').update(value).digest('hex');
    return { key: author, value, entry: { kind: 'malformed', sha256 } };
  } else if (dice < 11) {
    return { key: author, value: undeleteEvent(id), entry: { kind: 'other', id } };
  } else if (dice < 14) {
    return { key: author, value: createEvent({ ...post, nullcast: true }), entry: { kind: 'nullcast', id, author } };
  } else if (dice < 30) {
    const parent = live(isOriginal);
    if (parent) {
      Object.assign(post, { parent: parent.id, parentAuthor: parent.author, conversation: parent.id });
    }
  } else if (dice < 40) {
    const source = live(isOriginal);
    if (source) {
      Object.assign(post, { source: source.id, sourceAuthor: source.author });
    }
  } else if (dice < 50) {
    post.videoMs = 4000 + random(4000);
  }
  posts.push(post);
  return { key: author, value: createEvent(post), entry: { kind: 'create', ...post } };
}

const kafka = new Kafka({
  clientId: 'foreign-publisher',
  brokers: [args.bootstrap],
  logLevel: logLevel.ERROR,
});
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
await producer.connect();
const perBatch = Math.max(1, Math.floor(Number(args.rate) / 20));
const startedAt = Date.now();
for (let sent = 0; sent < events; ) {
  const batch = [];
  while (batch.length < perBatch && sent < events) {
    batch.push(next(sent++));
  }
  await producer.send({
    topic: args.topic,
    acks: -1,
    messages: batch.map(({ key, value }) => ({ key, value })),
  });
  appendFileSync(args.ledger, batch.map(({ entry }) => JSON.stringify(entry) + '\n').join(''));
  const due = startedAt + (sent * 1000) / Number(args.rate);
  if (due > Date.now()) await sleep(due - Date.now());
}
await producer.disconnect();
console.log(JSON.stringify({ published: events }));
