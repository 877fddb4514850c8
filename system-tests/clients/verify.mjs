// Asks the serving node for every author of the ledger with grpc-js, reads the dead letters with
// kafkajs, and prints one JSON object with what is missing, what should not be there and what is
// out of order.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';
import { Kafka, logLevel } from 'kafkajs';
import { flags } from './flags.mjs';

const args = flags({
  bootstrap: undefined,
  ledger: undefined,
  addr: undefined,
  proto: undefined,
  topic: 'tweet_events',
});
const entries = readFileSync(args.ledger, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const gone = new Set(entries.filter((e) => e.kind.endsWith('delete')).map((e) => e.id));
const expected = new Map();
for (const post of entries.filter((e) => e.kind === 'create')) {
  if (!expected.has(post.author)) expected.set(post.author, new Map());
  const hidden = [post.id, post.parent, post.source].some((id) => id && gone.has(id));
  if (!hidden) expected.get(post.author).set(post.id, post);
}

const { thunderhead } = grpc.loadPackageDefinition(
  protoLoader.loadSync(args.proto, { longs: String, keepCase: true, defaults: true }),
);
const client = new thunderhead.v1.InNetworkPostsService(args.addr, grpc.credentials.createInsecure());
const ask = (request) =>
  new Promise((resolve, reject) =>
    client.GetInNetworkPosts(request, { deadline: Date.now() + 5000 }, (error, response) =>
      error ? reject(error) : resolve(response),
    ),
  );

const result = { authors: expected.size, expected: 0, found: 0, missing: [], ghosts: [], duplicates: 0, disordered: 0, incomplete: 0 };
const newer = (a, b) =>
  BigInt(a.created_at) > BigInt(b.created_at) ||
  (a.created_at === b.created_at && BigInt(a.post_id) > BigInt(b.post_id));
for (const [author, posts] of expected) {
  const { posts: answered, completeness } = await ask({ user_id: '1', following_user_ids: [author] });
  const ids = answered.map((p) => p.post_id);
  result.expected += posts.size;
  result.found += ids.filter((id) => posts.has(id)).length;
  result.missing.push(...[...posts.keys()].filter((id) => !ids.includes(id)));
  result.ghosts.push(...ids.filter((id) => !posts.has(id)));
  result.duplicates += ids.length - new Set(ids).size;
  result.disordered += answered.filter((p, i) => i > 0 && !newer(answered[i - 1], p)).length;
  if (!completeness.complete) result.incomplete++;
}
client.close();

const bad = new Map();
for (const { sha256 } of entries.filter((e) => e.kind === 'malformed')) {
  bad.set(sha256, (bad.get(sha256) ?? 0) + 1);
}
const malformed = [...bad.values()].reduce((sum, n) => sum + n, 0);
result.malformed = malformed;
const letters = await deadLetters(malformed);
result.letters = letters.length;
for (const { value, headers } of letters) {
  const sha256 = createHash('sha256').update(value).digest('hex');
  if (bad.has(sha256)) bad.set(sha256, bad.get(sha256) - 1);
  else result.ghosts.push(`dead letter ${sha256}`);
  const named = ['origin.topic', 'origin.partition', 'origin.offset', 'origin.index', 'reason'];
  if (!named.every((name) => headers[name]?.length > 0)) result.ghosts.push('dead letter without origin');
}
result.lettersMissing = [...bad.values()].filter((n) => n > 0).reduce((sum, n) => sum + n, 0);
console.log(JSON.stringify(result));

async function deadLetters(atLeast) {
  const kafka = new Kafka({ clientId: 'foreign-checker', brokers: [args.bootstrap], logLevel: logLevel.ERROR });
  const topic = `${args.topic}.dead_letters`;
  const admin = kafka.admin();
  await admin.connect();
  const total = (await admin.fetchTopicOffsets(topic)).reduce((sum, p) => sum + Number(p.offset), 0);
  await admin.disconnect();
  if (total < atLeast) console.error(`${total} dead letters, at least ${atLeast} expected`);
  const consumer = kafka.consumer({ groupId: `foreign-checker-${process.pid}-${Date.now()}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const found = [];
  await new Promise((resolve, reject) => {
    if (total === 0) return resolve();
    setTimeout(() => reject(new Error(`read ${found.length} of ${total} dead letters`)), 60000).unref();
    consumer
      .run({
        autoCommit: false,
        eachMessage: async ({ message }) => {
          found.push(message);
          if (found.length === total) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return found;
}
