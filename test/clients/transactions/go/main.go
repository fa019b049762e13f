// Transform with franz-go: transform BOOTSTRAP FROM TO COUNT reads COUNT records of one topic and writes each to another,
// ten at most in a transaction, which takes the group's offsets along. Every tenth transaction aborts and is done again.
// Prints "committed N", the records so far, after each commit, and in the end "transactions N".
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strconv"

	"github.com/twmb/franz-go/pkg/kgo"
)

func main() {
	bootstrap, from, to := os.Args[1], os.Args[2], os.Args[3]
	count, err := strconv.Atoi(os.Args[4])
	if err != nil {
		log.Fatal(err)
	}
	session, err := kgo.NewGroupTransactSession(
		kgo.SeedBrokers(bootstrap),
		kgo.TransactionalID(from+"-transform"),
		kgo.DefaultProduceTopic(to),
		kgo.ConsumerGroup(from+"-group"),
		kgo.ConsumeTopics(from),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.RequireStableFetchOffsets(),
	)
	if err != nil {
		log.Fatal(err)
	}
	committed, commits := 0, 0
	for round := 1; committed < count; round++ {
		done, err := transform(session, round%10 != 0)
		if err != nil {
			log.Fatal(err)
		}
		if done == 0 {
			continue
		}
		committed += done
		commits++
		fmt.Println("committed", committed)
	}
	fmt.Println("transactions", commits)
	session.Close()
}

// transform does one transaction, and returns how many records it has committed.
func transform(session *kgo.GroupTransactSession, commit bool) (int, error) {
	ctx := context.Background()
	records := session.PollRecords(ctx, 10).Records()
	if len(records) == 0 {
		return 0, nil
	}
	if err := session.Begin(); err != nil {
		return 0, err
	}
	var produced kgo.FirstErrPromise
	for _, record := range records {
		session.Produce(ctx, kgo.StringRecord("seen "+string(record.Value)), produced.Promise())
	}
	wanted := kgo.TransactionEndTry(commit && produced.Err() == nil)
	committed, err := session.End(ctx, wanted)
	if !committed {
		return 0, err
	}
	return len(records), err
}
