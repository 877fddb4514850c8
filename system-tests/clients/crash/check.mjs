// After a round: reads what came out of every topic since the last, asks for every author, and prints
// the judge's result as one line of JSON.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';
import { Kafka, logLevel } from 'kafkajs';
import { flags } from '../flags.mjs';
import { judge } from './judge.mjs';
import { PLAIN, schema, unpack } from './wire.mjs';

const args = flags({
  bootstrap: undefined, dir: undefined, round: undefined, first: undefined, last: undefined, runFirst: undefined,
  addr: undefined, proto: undefined, maxDuplicates: undefined, maxDuplicatesOfEdge: undefined, enrichers: undefined, hostile: '0', authors: '150',
});
const types = schema(`${args.proto}/activity.proto`, `${args.proto}/in_network.proto`);
const InNetworkEvent = types('InNetworkEvent');
const Activity = types('Activity');
const DEAD = ['tweet_events', 'activities', 'enriched_activities', 'late_enrichments'].map((t) => `${t}.dead_letters`);
const NAMED = ['origin.topic', 'origin.partition', 'origin.offset', 'origin.index', 'reason'];
const READ_LIMIT_MS = 60_000;
// publish.mjs's authors of the stream that the edge reads, all ids of seven digits.
const FIRST_OF_THE_STREAM = '3000000';

const kafka = new Kafka({ clientId: 'foreign-checker', brokers: [args.bootstrap], logLevel: logLevel.NOTHING });
const admin = kafka.admin();
await admin.connect();
const offsetsFile = `${args.dir}/offsets.json`;
const from = existsSync(offsetsFile) ? JSON.parse(readFileSync(offsetsFile, 'utf8')) : {};
const there = new Set(await admin.listTopics());

/** The messages of a topic since the last round, in the order of each partition. */
async function read(topic) {
  if (!there.has(topic)) return [];
  const ends = new Map((await admin.fetchTopicOffsets(topic)).map((p) => [p.partition, Number(p.high)]));
  const starts = from[topic] ?? {};
  const groupId = `foreign-checker-${process.pid}-${topic}`;
  const partitions = [...ends.keys()].map((partition) => ({ partition, offset: String(starts[partition] ?? 0) }));
  await admin.setOffsets({ groupId, topic, partitions });
  const left = new Map([...ends].filter(([partition, end]) => end > (starts[partition] ?? 0)));
  from[topic] = Object.fromEntries(ends);
  const found = [];
  if (left.size > 0) {
    const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`${topic}: ${[...left]} not reached in time`)), READ_LIMIT_MS).unref();
      consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          const end = ends.get(batch.partition);
          for (const message of batch.messages) {
            if (Number(message.offset) < end) found.push({ ...message, partition: batch.partition });
          }
          if (Number(batch.lastOffset()) + 1 >= end) left.delete(batch.partition);
          if (left.size === 0) resolve();
        },
      }).catch(reject);
    });
    await consumer.disconnect();
  }
  await admin.deleteGroups([groupId]).catch(() => {});
  return found;
}

function served({ tweet_create_event: create, tweet_delete_event: gone }) {
  return create
    ? { kind: 'create', id: create.post_id, republished: create.author_id >= FIRST_OF_THE_STREAM }
    : { kind: 'delete', id: gone.post_id };
}

const entries = [];
const byNumber = new Map();
for (const line of readFileSync(`${args.dir}/round-${args.round}.ndjson`, 'utf8').trim().split('\n')) {
  const { try: batch, n, ack, sends } = JSON.parse(line);
  if (batch) byNumber.set(n, batch);
  else byNumber.get(ack).forEach((entry) => entries.push(Object.assign(entry, { sends })));
}
const goneFile = `${args.dir}/gone.txt`;
const gone = new Set(existsSync(goneFile) ? readFileSync(goneFile, 'utf8').trim().split('\n') : []);

const outputs = { in_network_events: [], enriched_activities: [] };
for (const message of await read('in_network_events')) {
  for (const event of unpack(message)) {
    outputs.in_network_events.push({ ...served(InNetworkEvent.toObject(InNetworkEvent.decode(event), PLAIN)), partition: message.partition });
  }
}
for (const message of await read('enriched_activities')) {
  for (const event of unpack(message)) {
    const { post_id: id, revision, enrichments } = Activity.toObject(Activity.decode(event), PLAIN);
    outputs.enriched_activities.push({ id, revision, enrichments: (enrichments ?? []).map((one) => one.status) });
  }
}
const letters = [];
for (const topic of DEAD) {
  for (const { value, headers } of await read(topic)) {
    letters.push({
      topic,
      sha256: createHash('sha256').update(value).digest('hex'),
      reason: String(headers.reason),
      named: NAMED.every((name) => headers[name]?.length > 0),
    });
  }
}
await admin.disconnect();
writeFileSync(offsetsFile, JSON.stringify(from));

const { thunderhead } = grpc.loadPackageDefinition(
  protoLoader.loadSync(`${args.proto}/in_network.proto`, { longs: String, keepCase: true, defaults: true }),
);
const client = new thunderhead.v1.InNetworkPostsService(args.addr, grpc.credentials.createInsecure(), {
  'grpc.max_receive_message_length': 64 << 20,
});
const MOST = 5000;
const ask = (author, excluded) =>
  new Promise((resolve, reject) =>
    client.GetInNetworkPosts(
      { user_id: '1', following_user_ids: [author], max_results: MOST, exclude_tweet_ids: excluded },
      { deadline: Date.now() + 10_000 },
      (error, { posts, completeness } = {}) =>
        error
          ? reject(error)
          : resolve({
              author, excluded, most: MOST, complete: completeness.complete,
              posts: posts.map((p) => ({ id: p.post_id, author: p.author_id, createdAt: Number(p.created_at) })),
            }),
    ),
  );
const answers = [];
const lastOf = new Map(entries.filter((e) => e.kind === 'create').map((e) => [e.author, e.id]));
for (const [author, newest] of lastOf) answers.push(await ask(author, answers.length % 4 === 0 ? [newest] : []));
client.close();

const result = judge({
  round: {
    runFirst: args.runFirst, first: args.first, last: args.last, entries,
    maxDuplicates: Number(args.maxDuplicates), maxDuplicatesOfEdge: Number(args.maxDuplicatesOfEdge),
    enrichers: Number(args.enrichers), hostile: Number(args.hostile),
  },
  gone, outputs, letters, answers,
});
const reasons = {};
for (const { reason } of letters) reasons[reason] = (reasons[reason] ?? 0) + 1;
console.log(JSON.stringify({ ...result, reasons }));
process.exit(0);
