// The legacy firehose: each record of the topic tweet_events is one TweetEvent in TBinaryProtocol,
// a bare struct without a message header. Only the fields that the transformer reads are named;
// real events carry many more, of every type, and those are skipped.
// "ours": the number is not public, so we chose one.

struct TweetEvent {
  1: optional TweetEventData data
  2: optional TweetEventFlags flags
}

struct TweetEventFlags {
  2: optional i64 timestamp_ms // when the event happened
}

union TweetEventData {
  1: TweetCreateEvent tweet_create_event
  2: TweetDeleteEvent tweet_delete_event
  10: QuotedTweetDeleteEvent quoted_tweet_delete_event
  // 3 to 9 and 11 (undelete is 5, takedown 7) are filtered as other events
}

struct TweetCreateEvent {
  1: optional Tweet tweet
  2: optional User user
}

struct TweetDeleteEvent {
  1: optional Tweet tweet
}

struct QuotedTweetDeleteEvent {
  1: optional i64 quoting_tweet_id
  2: optional i64 quoting_user_id
  3: optional i64 quoted_tweet_id
  4: optional i64 quoted_user_id
}

struct User {
  1: optional i64 id // ours
}

struct Tweet {
  1: optional i64 id
  2: optional TweetCoreData core_data
  7: optional list<MediaEntity> media
}

struct TweetCoreData {
  1: optional i64 user_id
  4: optional i64 created_at_secs
  5: optional Reply reply
  7: optional Share share
  11: optional bool nullcast
  14: optional i64 conversation_id
}

struct Reply { // also there for a leading @mention, then without a status id
  1: optional i64 in_reply_to_status_id
  2: optional i64 in_reply_to_user_id
}

struct Share {
  1: optional i64 source_status_id
  2: optional i64 source_user_id
}

struct MediaEntity {
  15: optional MediaInfo media_info
}

union MediaInfo { // ours
  1: ImageInfo image_info
  2: AnimatedGifInfo animated_gif_info
  3: VideoInfo video_info
}

struct ImageInfo {}
struct AnimatedGifInfo {}
struct VideoInfo {
  1: optional i32 duration_millis // ours
}
