package io.thunderhead.store;

final class PostStoreTest extends PostStoreContract {
  @Override
  Subject subject(StoreConfig config) {
    return new StoreSubject(config);
  }
}
