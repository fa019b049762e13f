/**
 * An answer that can be given at once or later, in one place or another.
 */
export class PendingReply<Reply> {
  private answered: { readonly reply: Reply } | undefined;
  private promise: PromiseWithResolvers<Reply> | undefined;

  /** Gives the answer. Once given it stays: another one is ignored. */
  answer(reply: Reply): void {
    if (this.answered !== undefined) return;
    this.answered = { reply };
    this.promise?.resolve(reply);
  }

  /** The answer if it has been given, else a promise of it. */
  get reply(): Reply | Promise<Reply> {
    if (this.answered !== undefined) return this.answered.reply;
    this.promise ??= Promise.withResolvers<Reply>();
    return this.promise.promise;
  }
}
