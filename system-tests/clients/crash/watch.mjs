// Looks on from outside: how far each group has come in each partition, and whether the serving node
// answers, twenty times a second. Prints one line of JSON each half second.
import { setTimeout as sleep } from 'node:timers/promises';
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';
import { Kafka, logLevel } from 'kafkajs';
import { flags } from '../flags.mjs';

const args = flags({ bootstrap: undefined, groups: undefined, addr: undefined, proto: undefined });
const groups = args.groups.split(',').map((pair) => pair.split('='));
const DEADLINE_MS = 1000;
const kafka = new Kafka({
  clientId: 'foreign-watcher', brokers: [args.bootstrap], logLevel: logLevel.NOTHING,
  connectionTimeout: 1000, requestTimeout: 2000, retry: { retries: 4, initialRetryTime: 50, maxRetryTime: 300 },
});

const { thunderhead } = grpc.loadPackageDefinition(
  protoLoader.loadSync(`${args.proto}/in_network.proto`, { longs: String, keepCase: true, defaults: true }),
);
const service = new thunderhead.v1.InNetworkPostsService(args.addr, grpc.credentials.createInsecure(), {
  'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 500,
});
// How long this program itself was held up: whoever sleeps can't tell how late another is.
const TICK_MS = 20;
const MOST_HELD_UP_MS = 100;
let lastTick = Date.now();
let heldUpUntil = 0;
setInterval(() => {
  const now = Date.now();
  if (now - lastTick > TICK_MS + MOST_HELD_UP_MS) heldUpUntil = now;
  lastTick = now;
}, TICK_MS);
const heldUpSince = (start) => heldUpUntil > start || Date.now() - lastTick > TICK_MS + MOST_HELD_UP_MS;

const probe = { calls: 0, ended: 0, late: 0, longestMs: 0, byStatus: {}, lastAsOfMs: 0, short: 0 };
const AUTHORS = 150;
const ASKED = 50;
const MOST = 200;
const full = new Set();
function ask() {
  const start = Date.now();
  probe.calls++;
  const first = (probe.calls * ASKED) % AUTHORS;
  const following = Array.from({ length: ASKED }, (_, i) => String(1_000_000 + first + i));
  service.GetInNetworkPosts({ user_id: '1', following_user_ids: following, max_results: MOST }, { deadline: start + DEADLINE_MS }, (error, answer) => {
    const took = Date.now() - start;
    probe.ended++;
    probe.longestMs = Math.max(probe.longestMs, took);
    if (took > DEADLINE_MS + 250 && !heldUpSince(start)) probe.late++;
    const status = error ? grpc.status[error.code] : answer.completeness.complete ? 'OK' : 'OK_INCOMPLETE';
    probe.byStatus[status] = (probe.byStatus[status] ?? 0) + 1;
    if (status !== 'OK') return;
    const asOf = Number(answer.completeness.as_of_ms);
    probe.lastAsOfMs = Math.max(probe.lastAsOfMs, asOf);
    // Deletes take few of an author's posts: an answer with half of what there was is a lie.
    if (answer.posts.length === MOST) full.add(first);
    else if (full.has(first) && answer.posts.length < MOST / 2) probe.short++;
  });
}
setInterval(ask, 50);

let admin;
async function look() {
  admin ??= await (async () => {
    const fresh = kafka.admin();
    await fresh.connect();
    return fresh;
  })();
  const lag = {};
  await Promise.all(
    groups.map(async ([group, topic]) => {
      const [ends, committed] = await Promise.all([
        admin.fetchTopicOffsets(topic),
        admin.fetchOffsets({ groupId: group, topics: [topic] }),
      ]);
      lag[group] = Object.fromEntries(
        ends.map(({ partition, high, low }) => {
          const offset = Number(committed[0].partitions.find((p) => p.partition === partition)?.offset ?? -1);
          return [partition, [offset < 0 ? Number(low) : offset, Number(high)]];
        }),
      );
    }),
  );
  return lag;
}

const timeout = async (promise, ms) => {
  const timer = new AbortController();
  const result = await Promise.race([promise, sleep(ms, undefined, { signal: timer.signal }).then(() => undefined, () => undefined)]);
  timer.abort();
  return result;
};
process.stdin.on('end', () => process.exit(0)).resume();
for (;;) {
  let lag;
  let error = 'no answer in time';
  try {
    lag = await timeout(look(), 6000);
  } catch (e) {
    error = e.message; // The broker is away; looked at again.
  }
  if (!lag && admin) {
    const gone = admin;
    admin = undefined;
    await timeout(gone.disconnect().catch(() => {}), 1000);
  }
  console.log(JSON.stringify({ at: Date.now(), lag: lag ?? null, error: lag ? '' : error, probe }));
  await sleep(500);
}
