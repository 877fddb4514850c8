// Three publishers in one: TweetEvents and activities with kafkajs, and a stream of activities over
// HTTP for the edge. What each sends is written down first, and once more when the broker has
// acknowledged it: the ledger that the checker holds everything against. It is told what to do by
// lines on standard input, and answers each with a line of JSON.
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { flags } from '../flags.mjs';
import { createEvent, deleteEvent, malformedEvent, quotedDeleteEvent, undeleteEvent } from '../tweet-event.mjs';
import { hostileRecords } from './hostile.mjs';
import { schema } from './wire.mjs';

const args = flags({ bootstrap: undefined, dir: undefined, proto: undefined, rate: '300', authors: '150', seed: '1' });
const Activity = schema(`${args.proto}/activity.proto`)('Activity');
const Verb = { post: 1, share: 2, delete: 3 };
const TICK_MS = 50;
const CALL_LIMIT_MS = 12_000;
const BACKLOG_MS = 10 * 60_000;
// Looked for in the roles' logs, which must not have it.
const TEXT = 'the text of a post, which nobody downstream needs';

let state = BigInt(args.seed);
function random(bound) {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
  return Number((state >> 33n) % BigInt(bound));
}

let nextId = BigInt(Date.now()) << 20n;
let round = 0;
let rate = Number(args.rate);
let hostile = 0;
let running = false;
let busy = 0;
const counts = { tried: 0, acked: 0, resent: 0 };

const write = (line) => appendFileSync(`${args.dir}/round-${round}.ndjson`, JSON.stringify(line) + '\n');
const sha256 = (value) => createHash('sha256').update(value ?? '').digest('hex');

/** One path's posts, to delete, answer and share again. */
class Posts {
  constructor(path, firstAuthor) {
    this.path = path;
    this.firstAuthor = firstAuthor;
    this.recent = [];
    this.turn = 0;
  }

  author() {
    return String(this.firstAuthor + (this.turn++ % Number(args.authors)));
  }

  fresh(more = {}) {
    return { kind: 'create', path: this.path, id: String(nextId++), author: this.author(), createdAt: Math.floor(Date.now() / 1000), ...more };
  }

  add(post) {
    this.recent.push(post);
    if (this.recent.length > 4000) this.recent.splice(0, 2000);
    return post;
  }

  live(filter = () => true) {
    for (let tries = 0; tries < 50 && this.recent.length > 0; tries++) {
      const post = this.recent[this.recent.length - 1 - random(Math.min(this.recent.length, 1500))];
      if (!post.gone && filter(post)) return post;
    }
    return undefined;
  }

  remove(kind) {
    const post = this.live();
    if (!post) return undefined;
    post.gone = true;
    appendFileSync(`${args.dir}/gone.txt`, post.id + '\n');
    return { kind, path: this.path, id: post.id, author: post.author };
  }
}

const isOriginal = (post) => !post.parent && !post.source;

const tweets = new Posts('tweets', 1_000_000);
function nextTweet() {
  const dice = random(100);
  if (dice < 6) {
    const gone = tweets.remove(dice < 2 ? 'quoted_delete' : 'delete');
    if (gone) {
      const value = dice < 2 ? quotedDeleteEvent(gone.id, gone.author, '12345', Date.now()) : deleteEvent(gone.id, gone.author, Date.now());
      return { entry: gone, key: gone.author, value };
    }
  }
  if (dice < 9) {
    const id = String(nextId++);
    return { entry: { kind: 'malformed', path: 'tweets' }, key: tweets.author(), value: malformedEvent(random(5), id) };
  }
  const post = tweets.fresh();
  if (dice < 11) return { entry: { ...post, kind: 'other' }, key: post.author, value: undeleteEvent(post.id) };
  if (dice < 14) return { entry: { ...post, kind: 'nullcast' }, key: post.author, value: createEvent({ ...post, nullcast: true }) };
  const other = dice < 40 ? tweets.live(isOriginal) : undefined;
  if (other && dice < 30) Object.assign(post, { parent: other.id, parentAuthor: other.author, conversation: other.id });
  else if (other) Object.assign(post, { source: other.id, sourceAuthor: other.author });
  else if (dice < 50) post.videoMs = 4000 + random(4000);
  return { entry: tweets.add(post), key: post.author, value: createEvent(post) };
}

const encode = (activity) => Buffer.from(Activity.encode(Activity.fromObject(activity)).finish());
const activity = (post) => ({
  publisher: 'foreign', verb: Verb.post, post_id: post.id, author_id: post.author, created_at: post.createdAt, text: TEXT, followers: 10,
});

const activities = new Posts('activities', 2_000_000);
function nextActivity() {
  const dice = random(100);
  const gone = dice < 5 && activities.remove('delete');
  if (gone) {
    const at = Math.floor(Date.now() / 1000);
    return { entry: gone, key: gone.author, value: encode({ publisher: 'foreign', verb: Verb.delete, post_id: gone.id, author_id: gone.author, created_at: at }) };
  }
  if (dice < 8) return { entry: { kind: 'malformed', path: 'activities' }, key: '1', value: Buffer.from(`no activity ${nextId++}`) };
  const post = activities.add(activities.fresh());
  return { entry: post, key: post.author, value: encode(activity(post)) };
}

const kafka = new Kafka({
  clientId: 'foreign-publisher', brokers: [args.bootstrap], logLevel: logLevel.NOTHING,
  connectionTimeout: 2000, requestTimeout: 8000, retry: { retries: 1, initialRetryTime: 100 },
});

/** A producer that is given up and replaced when a call of it fails or hangs, as on a dead connection. */
class Sender {
  constructor(topic) {
    this.topic = topic;
  }

  async send(messages) {
    try {
      await within(CALL_LIMIT_MS, async () => {
        if (!this.producer) {
          this.producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
          await this.producer.connect();
        }
        await this.producer.send({ topic: this.topic, acks: -1, timeout: 5000, messages });
      });
      return true;
    } catch {
      this.producer?.disconnect().catch(() => {});
      this.producer = undefined;
      return false;
    }
  }
}

async function within(ms, action) {
  const timer = new AbortController();
  const late = sleep(ms, undefined, { signal: timer.signal }).then(
    () => Promise.reject(new Error(`no answer within ${ms} ms`)),
    () => {},
  );
  try {
    return await Promise.race([action(), late]);
  } finally {
    timer.abort();
  }
}

/** Sends a batch until it is acknowledged; what it took is what the checker allows for. */
async function publish(sender, batch) {
  busy++;
  const first = counts.tried;
  counts.tried += batch.length;
  write({ try: batch.map(({ entry, value }) => ({ ...entry, sha256: sha256(value) })), n: first });
  let sends = 1;
  for (const messages = batch.map(({ key, value }) => ({ key, value })); !(await sender.send(messages)); sends++) {
    counts.resent++;
    await sleep(200);
  }
  write({ ack: first, sends });
  counts.acked += batch.length;
  busy--;
}

/** One batch after the other, so that the order of an author's events is known. */
async function loop(topic, share, next, corpus) {
  const sender = new Sender(topic);
  for (let due = 0, at = Date.now(); ; ) {
    await sleep(TICK_MS);
    const now = Date.now();
    // What could not be sent in time stays due, up to two seconds' worth.
    due = running ? Math.min(due + ((now - at) / 1000) * rate * share, rate * share * 2) : 0;
    at = now;
    const batch = [];
    if (running && corpus && hostile > 0) {
      hostile--;
      for (const { value, certain } of hostileRecords(random)) {
        batch.push({ entry: { kind: certain ? 'malformed' : 'any', path: topic }, key: '7', value });
        batch.push(next());
      }
    }
    for (; due >= 1; due--) batch.push(next());
    if (batch.length > 0) await publish(sender, batch);
  }
}

// The stream: whoever connects gets what comes from now on, and before it what was missed.
const edgePosts = new Posts('edge', 3_000_000);
const backlog = [];
const listeners = new Set();
const server = createServer((request, response) => {
  const minutes = Number(new URL(request.url, 'http://stream').searchParams.get('backfillMinutes') ?? 0);
  response.writeHead(200, { 'content-type': 'application/json' });
  for (const { at, line } of backlog) if (at >= Date.now() - minutes * 60_000) response.write(line);
  listeners.add(response);
  response.on('close', () => listeners.delete(response));
});
async function stream() {
  for (let due = 0, at = Date.now(), beat = 0; ; ) {
    await sleep(TICK_MS);
    const now = Date.now();
    due = running ? due + ((now - at) / 1000) * rate * 0.15 : 0;
    at = now;
    while (backlog.length > 0 && backlog[0].at < now - BACKLOG_MS) backlog.shift();
    let lines = '';
    const entries = [];
    for (; due >= 1; due--) {
      const post = edgePosts.fresh();
      const line = JSON.stringify({ ...activity(post), verb: 'VERB_POST' }) + '\n';
      entries.push({ ...post, sha256: sha256(line) });
      backlog.push({ at: now, line });
      lines += line;
    }
    if (now - beat > 1000) {
      beat = now;
      lines += '\n';
    }
    if (entries.length > 0) {
      write({ try: entries, n: counts.tried });
      write({ ack: counts.tried, sends: 1 });
      counts.tried += entries.length;
      counts.acked += entries.length;
    }
    if (lines) for (const listener of listeners) listener.write(lines);
  }
}

const say = (line) => console.log(JSON.stringify({ ...line, ...counts, nextId: String(nextId) }));
createInterface({ input: process.stdin }).on('line', async (line) => {
  const [command, value] = line.split(' ');
  switch (command) {
    case 'round':
      round = Number(value);
      running = true;
      break;
    case 'rate':
      rate = Number(value);
      break;
    case 'hostile':
      hostile = Number(value);
      break;
    case 'hold':
      running = false;
      while (busy > 0) await sleep(20);
      break;
    case 'quit':
      process.exit(0);
  }
  say({ done: command });
});
server.listen(0, '127.0.0.1', () => say({ done: 'listen', port: server.address().port }));
loop('tweet_events', 0.7, nextTweet, true);
loop('activities', 0.15, nextActivity, true);
stream();
