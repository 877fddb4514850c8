package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AuthorTableTest {
  private static final long ID = 88;

  private final AuthorTable table = new AuthorTable(10, new StoreBytes());
  private final AuthorTable.Shard shard = table.shard(ID);

  private Author authorWithPost(long created) {
    Author author = shard.add(ID);
    shard.link(author, Author.ORIGINALS, 7, created << 32, 0);
    shard.settle(author);
    return author;
  }

  private long word() {
    return table.find(ID, IdHash.of(ID));
  }

  @Test
  void settle_tellsTheNewestCreation() {
    Author author = authorWithPost(500);
    assertThat(AuthorTable.newest(word())).isEqualTo(500);
    shard.link(author, Author.ORIGINALS, 8, 400L << 32, 0);
    shard.settle(author);
    assertThat(AuthorTable.newest(word())).isEqualTo(500);
    shard.unlink(author, Author.ORIGINALS, 500, 7);
    shard.settle(author);
    assertThat(AuthorTable.newest(word())).isEqualTo(400);
  }

  @Test
  void settle_withoutPosts_letsTheAuthorGoAndTheNumberBeUsedAgain() {
    Author author = authorWithPost(500);
    shard.unlink(author, Author.ORIGINALS, 500, 7);
    shard.settle(author);
    assertThat(word()).isZero();
    assertThat(shard.authors()).isZero();
    assertThat(authorWithPost(600).number).isEqualTo(author.number);
  }

  @Test
  void settle_ofAnAuthorWhoHasLeft_leavesTheNextOfTheSameIdAlone() {
    Author gone = authorWithPost(500);
    shard.unlink(gone, Author.ORIGINALS, 500, 7);
    shard.settle(gone);
    Author next = authorWithPost(600);
    shard.settle(gone);
    assertThat(table.byNumber(AuthorTable.number(word()))).isSameAs(next);
    assertThat(AuthorTable.newest(word())).isEqualTo(600);
  }

  @Test
  void dropExpired_takesEverythingBeforeTheHorizonOnly() {
    Author author = authorWithPost(500);
    shard.link(author, Author.ORIGINALS, 8, 501L << 32, 0);
    shard.link(author, Author.ORIGINALS, 9, 502L << 32, 0);
    shard.dropExpired(author, 502);
    assertThat(AuthorTimeline.size(author.originals)).isEqualTo(1);
    assertThat(shard.entries(Author.ORIGINALS)).isEqualTo(1);
    shard.dropExpired(author, 503);
    assertThat(author.isEmpty()).isTrue();
    assertThat(shard.timelineBytes()).isZero();
  }
}
