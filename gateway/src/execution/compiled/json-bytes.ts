const firstBytes = 16 * 1024;

/** A response is hardly ever larger; for one that is, the memory is made anew and kept until the next. */
const keptBytes = 1024 * 1024;

/** Bytes to be sent: of a short text as a string whose characters are one byte each (Latin-1), which Node sends in one piece with the headers in front. */
export type SentBytes = Buffer | string;

/** A text of more bytes is not copied to stand behind headers. */
const onePieceBytes = 8 * 1024;

/** What bytes to be sent say. */
export function readBytes(bytes: SentBytes): string {
  return (typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes).toString('utf8');
}

/** Up to so many characters are copied faster one by one than by a call into Node. */
const fewCharacters = 40;

/**
 * JSON text that is put together piece by piece, as bytes of UTF-8 in memory that is used again. A string made by concatenation would be as
 * cheap to write and cost more than all the writing when it is sent: its pieces are gathered from all over the heap then.
 */
export class JsonBytes {
  #bytes = Buffer.allocUnsafeSlow(firstBytes);
  #length = 0;
  #plain = false;
  #ascii = false;

  /**
   * Begins a new text.
   * @param plain no string that will be written needs escaping.
   * @param ascii no string that will be written holds anything but ASCII.
   */
  begin(plain: boolean, ascii: boolean): void {
    if (this.#bytes.length > keptBytes) this.#bytes = Buffer.allocUnsafeSlow(firstBytes);
    this.#length = 0;
    this.#plain = plain;
    this.#ascii = ascii;
  }

  /** How many bytes have been written: what {@link repeat} goes by. */
  get length(): number {
    return this.#length;
  }

  /** Writes what was written before by {@link encode}. */
  constant(encoded: Uint8Array): void {
    const { length } = encoded;
    const start = this.#take(length);
    const bytes = this.#bytes;
    if (length > fewCharacters) bytes.set(encoded, start);
    else for (let index = 0; index < length; index++) bytes[start + index] = encoded[index]!;
  }

  /** Writes a string as JSON. */
  string(value: string): void {
    if (!this.#plain) this.text(JSON.stringify(value));
    else if (!this.#ascii) this.text(`"${value}"`);
    else {
      const { length } = value;
      const start = this.#take(length + 2);
      const bytes = this.#bytes;
      bytes[start] = quote;
      if (length > fewCharacters) bytes.write(value, start + 1, length, 'latin1');
      else for (let index = 0; index < length; index++) bytes[start + 1 + index] = value.charCodeAt(index);
      bytes[start + 1 + length] = quote;
    }
  }

  /** Writes text that is JSON already and holds nothing but ASCII, such as a number. */
  asciiText(text: string): void {
    const { length } = text;
    const start = this.#take(length);
    const bytes = this.#bytes;
    for (let index = 0; index < length; index++) bytes[start + index] = text.charCodeAt(index);
  }

  /** Writes text that is JSON already. */
  text(text: string): void {
    // A character of UTF-16 is at most three bytes of UTF-8.
    const start = this.#take(text.length * 3);
    this.#length = start + this.#bytes.write(text, start, 'utf8');
  }

  /** Writes again what was written from one length to another. */
  repeat(from: number, to: number): void {
    const start = this.#take(to - from);
    this.#bytes.copyWithin(start, from, to);
  }

  /** What was written. */
  end(): SentBytes {
    if (this.#length <= onePieceBytes) return this.#bytes.toString('latin1', 0, this.#length);
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  /** Makes room for some bytes. @returns where they begin. */
  #take(length: number): number {
    const start = this.#length;
    this.#length = start + length;
    if (this.#length > this.#bytes.length) this.#grow(start);
    return start;
  }

  #grow(used: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#length, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, used));
    this.#bytes = larger;
  }
}

const quote = '"'.charCodeAt(0);

/** What {@link JsonBytes.constant} takes. */
export function encode(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
