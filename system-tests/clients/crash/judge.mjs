// Holds what was published against what came out, and names every breach of an invariant. It knows
// neither Kafka nor gRPC, so that it can be tested with breaches that were planted.

/** The most examples of one kind of breach that a result carries. */
const EXAMPLES = 5;

/**
 * @param round.first, round.last the ids that this round published, both included
 * @param round.runFirst the first id of the whole run: those in between are of earlier rounds
 * @param round.entries what was published: {kind, path, id, author, sends, sha256, …}
 * @param round.maxDuplicates how many events a fault may repeat (I2), and of those that came through
 * @param round.maxDuplicatesOfEdge the edge
 * @param gone the ids of every post that was ever deleted
 * @param outputs per topic what was read of it, in the order of each partition; `republished` is what
 *   the publisher itself sends again to whoever connects anew
 * @param letters dead letters {topic, sha256, reason, named}
 * @param answers per author {author, posts, complete}
 */
export function judge({ round, gone, outputs, letters, answers }) {
  const breaches = new Map();
  const breach = (invariant, what, example) => {
    const key = `${invariant} ${what}`;
    const known = breaches.get(key) ?? { invariant, what, count: 0, examples: [] };
    known.count++;
    if (known.examples.length < EXAMPLES) known.examples.push(String(example));
    breaches.set(key, known);
  };
  const result = { events: round.entries.length, lost: 0, duplicates: 0, letters: letters.length };
  const lost = (invariant, what, example) => {
    result.lost++;
    breach(invariant, what, example);
  };

  const lettersBySha = new Map();
  for (const letter of letters) {
    lettersBySha.set(letter.sha256, (lettersBySha.get(letter.sha256) ?? 0) + 1);
    if (!letter.named) breach('I4', 'a dead letter without its origin', letter.sha256);
  }

  const served = outputs.in_network_events;
  const posts = sightings(served.filter((event) => event.kind === 'create'));
  const deletes = sightings(served.filter((event) => event.kind === 'delete'));
  const enriched = sightings(outputs.enriched_activities.filter((event) => event.revision < 2));
  const late = new Set(outputs.enriched_activities.filter((e) => e.revision === 2).map((e) => e.id));

  // I1: everything published came out once or more; what must not come out is nowhere.
  for (const entry of round.entries) {
    const out = entry.kind === 'delete' || entry.kind === 'quoted_delete' ? deletes : posts;
    const seen = out.get(entry.id)?.length ?? 0;
    switch (entry.kind) {
      case 'create':
      case 'delete':
      case 'quoted_delete':
        if (seen === 0 && !lettersBySha.get(entry.sha256)) lost('I1', `a ${entry.kind} is nowhere`, entry.id);
        if (entry.path !== 'tweets') checkEnriched(entry);
        break;
      case 'malformed':
        if (!lettersBySha.get(entry.sha256)) lost('I4', 'a bad event is in no dead letter', entry.sha256);
        break;
      default: // filtered: nullcast, other events, null values, and bytes that may or may not be an event
        if (entry.id && posts.has(entry.id)) breach('I1', 'a filtered event came out', entry.id);
    }
  }

  function checkEnriched(entry) {
    const seen = enriched.get(entry.id);
    if (!seen) return lost('I1', 'an activity is not in enriched_activities', entry.id);
    if (entry.kind !== 'create') return undefined;
    const { enrichments } = seen[0];
    if (enrichments.length !== round.enrichers) {
      breach('I1', 'an activity lacks an enrichment without a mark', entry.id);
    }
    if (enrichments.includes('STATUS_PENDING') && !late.has(entry.id)) {
      breach('I1', 'a late enrichment never came', entry.id);
    }
    return undefined;
  }

  // I2: repeats are few, and only where a fault explains them. What the publisher sent several times
  // may come out as often; its client sends each of them once more if it hears nothing.
  const known = new Map(round.entries.filter((e) => e.id).map((e) => [key(e), e]));
  result.repeatedByPublisher = 0;
  result.repeatedByEdge = 0;
  for (const [kind, seen] of [['create', posts], ['delete', deletes]]) {
    for (const [id, where] of seen) {
      const entry = known.get(`${kind} ${id}`);
      if (!entry) {
        if (isEarlier(id) && where[0].republished) result.repeatedByEdge += where.length;
        else if (isEarlier(id)) result.duplicates += where.length;
        else if (inRange(id) || !round.hostile) breach('I1', 'a ghost came out', id);
        continue;
      }
      const more = where.length - 1;
      const own = entry.sends > 1 ? Math.min(more, 2 * entry.sends - 1) : 0;
      result.repeatedByPublisher += own;
      if (entry.path === 'edge') result.repeatedByEdge += more;
      else result.duplicates += more - own;
    }
  }
  if (result.duplicates > round.maxDuplicates) {
    breach('I2', `more repeats than ${round.maxDuplicates}`, result.duplicates);
  }
  if (result.repeatedByEdge > round.maxDuplicatesOfEdge) {
    breach('I2', `more repeats of the edge than ${round.maxDuplicatesOfEdge}`, result.repeatedByEdge);
  }

  // I3: first sightings of an author keep their order.
  const order = new Map();
  round.entries.forEach((entry, i) => entry.id && order.set(key(entry), i));
  const last = new Map();
  const sighted = new Set();
  for (const event of served) {
    const place = order.get(key(event));
    if (place === undefined || sighted.has(key(event))) continue;
    sighted.add(key(event));
    const { author } = round.entries[place];
    const before = last.get(author) ?? { place: -1 };
    // Once two partitions carry an author, their order can't be told.
    if (before.partition !== undefined && before.partition !== event.partition) {
      breach('I3', 'an author is on two partitions', author);
    } else if (place < before.place) {
      breach('I3', 'an author came out of order', event.id);
    }
    last.set(author, { place: Math.max(place, before.place), partition: event.partition });
  }

  // I5 and I6: answers.
  const expected = new Map();
  for (const entry of round.entries) {
    if (entry.kind !== 'create' || !posts.has(entry.id)) continue;
    const hidden = [entry.id, entry.parent, entry.source].some((id) => id && gone.has(id));
    if (!expected.has(entry.author)) expected.set(entry.author, []);
    if (!hidden) expected.get(entry.author).push(entry.id);
  }
  for (const { author, posts: answered, complete, excluded = [], most = Infinity } of answers) {
    const ids = answered.map((post) => post.id);
    const set = new Set(ids);
    if (set.size !== ids.length) breach('I5', 'a post twice in an answer', author);
    if (ids.length > most) breach('I5', 'more posts than max_results', author);
    for (const post of answered) {
      if (post.author !== author) breach('I5', 'a post of somebody else', post.id);
      if (excluded.includes(post.id)) breach('I5', 'an excluded post', post.id);
      if (gone.has(post.id)) breach('I6', 'a deleted post is served', post.id);
    }
    for (let i = 1; i < answered.length; i++) {
      if (!newer(answered[i - 1], answered[i])) breach('I5', 'an answer out of order', answered[i].id);
    }
    if (!complete) breach('I1', 'an incomplete answer although all is quiet', author);
    for (const id of expected.get(author) ?? []) {
      if (!set.has(id) && !excluded.includes(id)) lost('I1', 'a post is not served', id);
    }
  }

  function isEarlier(id) {
    return BigInt(id) >= BigInt(round.runFirst) && BigInt(id) < BigInt(round.first);
  }
  function inRange(id) {
    return BigInt(id) >= BigInt(round.first) && BigInt(id) <= BigInt(round.last);
  }
  return { ...result, breaches: [...breaches.values()] };
}

function key(event) {
  return `${event.kind === 'quoted_delete' ? 'delete' : event.kind} ${event.id}`;
}

function sightings(events) {
  const byId = new Map();
  for (const event of events) {
    if (!byId.has(event.id)) byId.set(event.id, []);
    byId.get(event.id).push(event);
  }
  return byId;
}

function newer(a, b) {
  return a.createdAt > b.createdAt || (a.createdAt === b.createdAt && BigInt(a.id) > BigInt(b.id));
}
