// The judge against a sound round and against each breach, planted alone: a checker that can't fail
// shows nothing. Runs before every crash suite, and alone with: node --test crash/
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './judge.mjs';

const post = (n, author, more = {}) => ({
  kind: 'create', path: 'tweets', id: String(1000 + n), author, sends: 1, sha256: `s${n}`, ...more,
});

/** Six events of two authors, all where they belong. */
function sound() {
  const entries = [
    post(0, '1'),
    post(1, '2'),
    post(2, '1'),
    post(3, '3', { path: 'activities' }),
    { kind: 'delete', path: 'tweets', id: '1000', author: '1', sends: 1, sha256: 's4' },
    { kind: 'malformed', path: 'tweets', sha256: 'bad', sends: 1 },
    { kind: 'nullcast', path: 'tweets', id: '1006', author: '1', sends: 1, sha256: 's6' },
  ];
  const create = (n, partition) => ({ kind: 'create', id: String(1000 + n), partition });
  return {
    round: { runFirst: '900', first: '1000', last: '1006', entries, maxDuplicates: 2, maxDuplicatesOfEdge: 4, enrichers: 2, hostile: 0 },
    gone: new Set(['1000']),
    outputs: {
      in_network_events: [
        create(0, 0),
        create(2, 0),
        { kind: 'delete', id: '1000', partition: 0 },
        create(1, 1),
        create(3, 1),
      ],
      enriched_activities: [{ id: '1003', revision: 1, enrichments: ['STATUS_DONE', 'STATUS_FAILED'] }],
    },
    letters: [{ topic: 'tweet_events.dead_letters', sha256: 'bad', reason: 'not_thrift', named: true }],
    answers: [
      { author: '1', complete: true, posts: [{ id: '1002', author: '1', createdAt: 5 }] },
      { author: '2', complete: true, posts: [{ id: '1001', author: '2', createdAt: 5 }] },
      { author: '3', complete: true, posts: [{ id: '1003', author: '3', createdAt: 5 }] },
    ],
  };
}

test('a sound round has no breach', () => {
  const result = judge(sound());
  assert.deepEqual(result.breaches, []);
  assert.equal(result.lost, 0);
  assert.equal(result.duplicates, 0);
});

const planted = {
  'a lost post': [(r) => r.outputs.in_network_events.splice(1, 1), 'I1', 'a create is nowhere'],
  'a lost delete': [(r) => r.outputs.in_network_events.splice(2, 1), 'I1', 'a delete is nowhere'],
  'an activity that was never enriched': [
    (r) => r.outputs.enriched_activities.pop(), 'I1', 'an activity is not in enriched_activities'],
  'an enrichment that is missing unmarked': [
    (r) => r.outputs.enriched_activities[0].enrichments.pop(), 'I1', 'an activity lacks an enrichment without a mark'],
  'a late enrichment that never comes': [
    (r) => (r.outputs.enriched_activities[0].enrichments[0] = 'STATUS_PENDING'), 'I1', 'a late enrichment never came'],
  'a filtered event that comes out': [
    (r) => r.outputs.in_network_events.push({ kind: 'create', id: '1006', partition: 0 }), 'I1', 'a filtered event came out'],
  'a ghost of this round': [
    (r) => r.outputs.in_network_events.push({ kind: 'create', id: '1005', partition: 0 }), 'I1', 'a ghost came out'],
  'a ghost of nowhere': [
    (r) => r.outputs.in_network_events.push({ kind: 'create', id: '7', partition: 0 }), 'I1', 'a ghost came out'],
  'three repeats where two are allowed': [
    (r) => r.outputs.in_network_events.push(...Array(3).fill({ kind: 'create', id: '1001', partition: 1 })),
    'I2', 'more repeats than 2'],
  'three posts of an earlier round again': [
    (r) => r.outputs.in_network_events.push(...[1, 2, 3].map((n) => ({ kind: 'create', id: String(900 + n), partition: 1 }))),
    'I2', 'more repeats than 2'],
  'more repeats of the publisher than it sent': [
    (r) => {
      r.round.entries[1].sends = 2;
      r.outputs.in_network_events.push(...Array(6).fill({ kind: 'create', id: '1001', partition: 1 }));
    }, 'I2', 'more repeats than 2'],
  'five repeats of the edge where four are allowed': [
    (r) => {
      r.round.entries[1].path = 'edge';
      r.outputs.in_network_events.push(...Array(5).fill({ kind: 'create', id: '1001', partition: 1 }));
    }, 'I2', 'more repeats of the edge than 4'],
  'posts of an earlier round again, by the edge': [
    (r) => r.outputs.in_network_events.push(
      ...[1, 2, 3, 4, 5].map((n) => ({ kind: 'create', id: String(900 + n), partition: 1, republished: true }))),
    'I2', 'more repeats of the edge than 4'],
  'two posts of an author in the wrong order': [
    (r) => r.outputs.in_network_events.unshift(r.outputs.in_network_events.splice(1, 1)[0]), 'I3', 'an author came out of order'],
  'an author on two partitions': [
    (r) => (r.outputs.in_network_events[1].partition = 1), 'I3', 'an author is on two partitions'],
  'a bad event without a letter': [(r) => r.letters.pop(), 'I4', 'a bad event is in no dead letter'],
  'a letter with other bytes': [(r) => (r.letters[0].sha256 = 'else'), 'I4', 'a bad event is in no dead letter'],
  'a letter without origin': [(r) => (r.letters[0].named = false), 'I4', 'a dead letter without its origin'],
  'a post twice in an answer': [(r) => r.answers[1].posts.push(r.answers[1].posts[0]), 'I5', 'a post twice in an answer'],
  'a post of somebody else': [(r) => (r.answers[1].posts[0].author = '9'), 'I5', 'a post of somebody else'],
  'an excluded post': [(r) => (r.answers[1].excluded = ['1001']), 'I5', 'an excluded post'],
  'more posts than asked for': [(r) => (r.answers[1].most = 0), 'I5', 'more posts than max_results'],
  'an answer out of order': [
    (r) => r.answers[1].posts.unshift({ id: '999', author: '2', createdAt: 5 }), 'I5', 'an answer out of order'],
  'a deleted post that is served': [
    (r) => r.answers[0].posts.push({ id: '1000', author: '1', createdAt: 4 }), 'I6', 'a deleted post is served'],
  'a post that is not served': [(r) => r.answers[1].posts.pop(), 'I1', 'a post is not served'],
  'an incomplete answer': [(r) => (r.answers[1].complete = false), 'I1', 'an incomplete answer although all is quiet'],
};

for (const [name, [plant, invariant, what]] of Object.entries(planted)) {
  test(`${name} is found`, () => {
    const round = sound();
    plant(round);
    const found = judge(round).breaches.map((breach) => `${breach.invariant} ${breach.what}`);
    assert.ok(found.includes(`${invariant} ${what}`), `${found} lacks ${invariant} ${what}`);
  });
}

test('repeats within the bound, of publisher and edge, and of hostile bytes are no breach', () => {
  const round = sound();
  round.round.hostile = 1;
  round.round.entries[1].sends = 2;
  round.outputs.in_network_events.push(
    { kind: 'create', id: '1002', partition: 0 },
    { kind: 'create', id: '1002', partition: 0 },
    ...Array(3).fill({ kind: 'create', id: '1001', partition: 1 }),
    ...Array(4).fill({ kind: 'create', id: '950', partition: 1, republished: true }),
    { kind: 'create', id: '7', partition: 1 },
  );
  const result = judge(round);
  assert.deepEqual(result.breaches, []);
  assert.equal(result.duplicates, 2);
  assert.equal(result.repeatedByPublisher, 3);
  assert.equal(result.repeatedByEdge, 4);
});
