/**
 * A regular expression that is none. The message is what RE2/J says of it, without the place.
 */
export class RegexSyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RegexSyntaxError";
  }
}
