/**
 * Reads a text code point by code point.
 */
export class Cursor {
  position = 0;

  constructor(private readonly text: string) {}

  get more(): boolean {
    return this.position < this.text.length;
  }

  /** The code point that comes next; NaN at the end. */
  get code(): number {
    return this.text.codePointAt(this.position) ?? Number.NaN;
  }

  /** The character that comes next, "" at the end. */
  get character(): string {
    return this.more ? String.fromCodePoint(this.code) : "";
  }

  get rest(): string {
    return this.text.slice(this.position);
  }

  lookingAt(text: string): boolean {
    return this.text.startsWith(text, this.position);
  }

  skip(length: number): void {
    this.position += length;
  }

  /** Takes the next character; "" at the end. */
  next(): string {
    const character = this.character;
    this.position += character.length;
    return character;
  }

  /** Takes `text` if it comes next, and says whether it did. */
  take(text: string): boolean {
    if (!this.lookingAt(text)) return false;
    this.position += text.length;
    return true;
  }
}
