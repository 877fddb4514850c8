package io.thunderhead.store;

/**
 * Told everything that a store holds, one by one, by {@link PostStore#walk}.
 *
 * @param <E> what may go wrong with taking it
 */
public interface StoreVisitor<E extends Exception> {
  /**
   * One post. All posts of an author come one after the other, as they were at one moment.
   *
   * @param post a carrier that holds it until this returns; creating a post from it gives what
   *     reads like the original
   */
  void post(PostFields post) throws E;

  /**
   * One deleted id; they come after all posts.
   *
   * @param deletedAt UNIX seconds, at which a delete would leave this very tombstone
   */
  void tombstone(long postId, long deletedAt) throws E;
}
