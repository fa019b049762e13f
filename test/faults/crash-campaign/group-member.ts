/**
 * A member of a consumer group that outlives the broker: joins, takes its share of the partitions, reads from where the
 * group has committed, checks every record, and commits.
 */
import { decode, encode } from "../../../src/protocol/codec.ts";
import { ConsumerProtocolAssignment } from "../../../src/protocol/data/consumer-protocol-assignment.ts";
import { ConsumerProtocolSubscription } from "../../../src/protocol/data/consumer-protocol-subscription.ts";
import { ErrorCode } from "../../../src/protocol/errors.ts";
import { FetchRequest, FetchResponse } from "../../../src/protocol/messages/fetch.ts";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../../src/protocol/messages/find-coordinator.ts";
import { HeartbeatRequest, HeartbeatResponse } from "../../../src/protocol/messages/heartbeat.ts";
import { JoinGroupRequest, JoinGroupResponse } from "../../../src/protocol/messages/join-group.ts";
import { LeaveGroupRequest, LeaveGroupResponse } from "../../../src/protocol/messages/leave-group.ts";
import { OffsetCommitRequest, OffsetCommitResponse } from "../../../src/protocol/messages/offset-commit.ts";
import { OffsetFetchRequest, OffsetFetchResponse } from "../../../src/protocol/messages/offset-fetch.ts";
import { SyncGroupRequest, SyncGroupResponse } from "../../../src/protocol/messages/sync-group.ts";
import { nextOffset, sizeInBytes } from "../../../src/records/batch-header.ts";
import { readRecords } from "../../../src/records/record.ts";
import type { SeededRandom } from "../../support/random.ts";
import { RawClient } from "../../support/raw-client.ts";
import { check } from "./errors.ts";
import { Broken, type Ledger, nameOf, type Place } from "./ledger.ts";

export const GROUP = "campaign";
const PROTOCOL = "range";
const VERSION_BYTES = 2;
const COMMIT_EVERY_READS = 3;
/** A member leaves the group at one in so many of its connections. */
const LEAVES_ONE_IN = 8;

/** With these the member has to join again. */
const joinAgain = new Set<number>([
  ErrorCode.REBALANCE_IN_PROGRESS,
  ErrorCode.ILLEGAL_GENERATION,
  ErrorCode.UNKNOWN_MEMBER_ID,
]);

export class GroupMember {
  private memberId = "";
  private generationId = -1;
  /** Where the member reads on; empty while it has to join. */
  private positions = new Map<Place, number>();

  constructor(
    private readonly ledger: Ledger,
    private readonly random: SeededRandom,
  ) {}

  /** Consumes until the connection ends, or `isOver`. Throws as CampaignProducer.run does. */
  async run(port: number, isOver: () => boolean): Promise<void> {
    const client = await RawClient.connect(port);
    try {
      await this.findCoordinator(client);
      if (this.random.below(LEAVES_ONE_IN) === 0) await this.leave(client);
      // The broker may have forgotten what it was about to be told: what was read is only worth what is committed.
      if (this.generationId >= 0) await this.startReading(client, [...this.positions.keys()]);
      for (let reads = 0; !isOver(); reads++) {
        if (this.generationId < 0) await this.join(client);
        else if (reads % COMMIT_EVERY_READS === COMMIT_EVERY_READS - 1) await this.commit(client);
        else await this.read(client);
        await this.heartbeat(client);
        await Bun.sleep(2);
      }
    } finally {
      client.close();
    }
  }

  /** As every client does; the first to ask has the groups' topic made. */
  private async findCoordinator(client: RawClient): Promise<void> {
    const answer = await client.request(FindCoordinatorRequest, FindCoordinatorResponse, 2, { key: GROUP });
    check(answer.errorCode, "FindCoordinator");
  }

  /** Gives its share to the others, and joins as somebody new. */
  private async leave(client: RawClient): Promise<void> {
    const { memberId } = this;
    this.mustJoin(ErrorCode.UNKNOWN_MEMBER_ID);
    if (memberId === "") return;
    const members = [{ memberId }];
    const answer = await client.request(LeaveGroupRequest, LeaveGroupResponse, 3, {
      groupId: GROUP,
      members,
    });
    check(answer.errorCode, "LeaveGroup");
  }

  private async join(client: RawClient): Promise<void> {
    const { places } = this.ledger;
    const topics = [...new Set(places.map(({ topic }) => topic))];
    const metadata = versioned(encode(ConsumerProtocolSubscription, 0, { topics }));
    const joined = await client.request(JoinGroupRequest, JoinGroupResponse, 5, {
      groupId: GROUP,
      sessionTimeoutMs: 30_000,
      // Short, since a broker that was killed remembers members that have left, and waits for them.
      rebalanceTimeoutMs: 100,
      memberId: this.memberId,
      protocolType: "consumer",
      protocols: [{ name: PROTOCOL, metadata }],
    });
    if (joined.errorCode === ErrorCode.MEMBER_ID_REQUIRED) this.memberId = joined.memberId;
    if (joined.errorCode === ErrorCode.UNKNOWN_MEMBER_ID) this.memberId = "";
    if (joinAgain.has(joined.errorCode) || joined.errorCode === ErrorCode.MEMBER_ID_REQUIRED) return;
    check(joined.errorCode, "JoinGroup");
    this.memberId = joined.memberId;
    const members = joined.members.map(({ memberId }) => memberId).sort();
    const synced = await client.request(SyncGroupRequest, SyncGroupResponse, 3, {
      groupId: GROUP,
      generationId: joined.generationId,
      memberId: this.memberId,
      assignments: joined.leader === this.memberId ? this.assignments(members) : [],
    });
    if (joinAgain.has(synced.errorCode)) return;
    check(synced.errorCode, "SyncGroup");
    const mine = decode(ConsumerProtocolAssignment, 0, synced.assignment, VERSION_BYTES).assignedPartitions;
    const names = new Set(
      mine.flatMap(({ topic, partitions }) => partitions.map((each) => `${topic}-${each}`)),
    );
    await this.startReading(
      client,
      places.filter((place) => names.has(nameOf(place))),
    );
    this.generationId = joined.generationId;
    this.ledger.counts.rebalances++;
  }

  private assignments(members: readonly string[]) {
    return members.map((memberId, index) => {
      const mine = this.ledger.places.filter((_, place) => place % members.length === index);
      const assignedPartitions = mine.map(({ topic, partition }) => ({ topic, partitions: [partition] }));
      return {
        memberId,
        assignment: versioned(encode(ConsumerProtocolAssignment, 0, { assignedPartitions })),
      };
    });
  }

  private async startReading(client: RawClient, places: readonly Place[]): Promise<void> {
    const { topics, errorCode } = await client.request(OffsetFetchRequest, OffsetFetchResponse, 5, {
      groupId: GROUP,
      topics: places.map(({ topic, partition }) => ({ name: topic, partitionIndexes: [partition] })),
    });
    check(errorCode, "OffsetFetch");
    this.positions = new Map();
    for (const { name, partitions } of topics) {
      for (const { partitionIndex, committedOffset, errorCode: failure } of partitions) {
        check(failure, `OffsetFetch of ${name}-${partitionIndex}`);
        const place = places.find(({ topic, partition }) => topic === name && partition === partitionIndex);
        if (place === undefined) throw new Broken(`OffsetFetch answers for ${name}-${partitionIndex}`);
        this.ledger.checkCommitted(place, Number(committedOffset));
        this.positions.set(place, Math.max(0, Number(committedOffset)));
      }
    }
    if (this.positions.size !== places.length) throw new Broken("OffsetFetch leaves out a partition");
  }

  private async read(client: RawClient): Promise<void> {
    const positions = [...this.positions];
    const { responses } = await client.request(FetchRequest, FetchResponse, 11, {
      maxWaitMs: 20,
      minBytes: 1,
      isolationLevel: 0,
      topics: positions.map(([{ topic, partition }, fetchOffset]) => ({
        topic,
        partitions: [{ partition, fetchOffset, partitionMaxBytes: 50_000 }],
      })),
      forgottenTopicsData: [],
    });
    for (const { topic, partitions } of responses) {
      for (const { partitionIndex, errorCode, records } of partitions) {
        check(errorCode, `Fetch of ${topic}-${partitionIndex}`);
        const place = positions.find(
          ([each]) => each.topic === topic && each.partition === partitionIndex,
        )?.[0];
        if (place !== undefined) this.take(place, records ?? Buffer.alloc(0));
      }
    }
  }

  private take(place: Place, records: Buffer): void {
    let position = this.positions.get(place) ?? 0;
    for (let at = 0; at + 61 <= records.length && at + sizeInBytes(records, at) <= records.length; ) {
      for (const { offset, value } of readRecords(records, at)) {
        if (offset < position) continue;
        if (offset !== position)
          throw new Broken(`${nameOf(place)} goes from offset ${position} to ${offset}`);
        this.ledger.checkRecord(place, offset, value);
        this.ledger.counts.consumed++;
        position++;
      }
      if (nextOffset(records, at) > position) throw new Broken(`${nameOf(place)} lacks offset ${position}`);
      at += sizeInBytes(records, at);
    }
    this.positions.set(place, position);
  }

  private async commit(client: RawClient): Promise<void> {
    const offsets = [...this.positions];
    for (const [place, offset] of offsets) this.ledger.sendCommit(place, offset);
    const { topics } = await client.request(OffsetCommitRequest, OffsetCommitResponse, 7, {
      groupId: GROUP,
      generationIdOrMemberEpoch: this.generationId,
      memberId: this.memberId,
      topics: offsets.map(([{ topic, partition }, committedOffset]) => ({
        name: topic,
        partitions: [{ partitionIndex: partition, committedOffset, committedMetadata: null }],
      })),
    });
    for (const { name, partitions } of topics) {
      for (const { partitionIndex, errorCode } of partitions) {
        if (this.mustJoin(errorCode)) return;
        check(errorCode, `OffsetCommit of ${name}-${partitionIndex}`);
        const committed = offsets.find(
          ([{ topic, partition }]) => topic === name && partition === partitionIndex,
        );
        if (committed !== undefined) this.ledger.acknowledgeCommit(...committed);
      }
    }
  }

  private async heartbeat(client: RawClient): Promise<void> {
    if (this.generationId < 0) return;
    const { errorCode } = await client.request(HeartbeatRequest, HeartbeatResponse, 3, {
      groupId: GROUP,
      generationId: this.generationId,
      memberId: this.memberId,
    });
    if (!this.mustJoin(errorCode)) check(errorCode, "Heartbeat");
  }

  private mustJoin(errorCode: number): boolean {
    if (!joinAgain.has(errorCode)) return false;
    if (errorCode === ErrorCode.UNKNOWN_MEMBER_ID) this.memberId = "";
    this.generationId = -1;
    return true;
  }
}

function versioned(body: Buffer): Buffer {
  return Buffer.concat([Buffer.alloc(VERSION_BYTES), body]);
}
