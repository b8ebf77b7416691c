import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentLine, fileOf, textLine } from "./contentLines.ts";

describe("a line", () => {
  it("is folded at 75 octets, between characters, and read as it was", () => {
    const texts = fc.string({ unit: "binary", maxLength: 400 });
    fc.assert(
      fc.property(texts, (text) => {
        const line = textLine("DESCRIPTION", text);
        const file = fileOf([line]);
        expect(file.endsWith("\r\n")).toBe(true);
        const parts = file.slice(0, -2).split("\r\n");
        for (const part of parts) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(75);
        for (const part of parts.slice(1)) expect(part.startsWith(" ")).toBe(true);
        // Each part alone is whole characters.
        for (const part of parts) expect(part.isWellFormed()).toBe(line.isWellFormed());
        expect(file.replaceAll("\r\n ", "")).toBe(`${line}\r\n`);
      }),
    );
  });

  it.each([74, 75, 76, 149, 150])("of %i octets has as few parts as possible", (length) => {
    for (const character of ["a", "ऋ", "🧗"]) {
      const octets = Buffer.byteLength(character);
      const line = character.repeat(Math.floor(length / octets));
      const parts = fileOf([line]).trimEnd().split("\r\n");
      const perPart = Math.floor(74 / octets) * octets;
      expect(parts.length).toBe(
        Buffer.byteLength(line) <= 75
          ? 1
          : 1 + Math.ceil((Buffer.byteLength(line) - Math.floor(75 / octets) * octets) / perPart),
      );
    }
  });

  it("cannot be ended or left by what is in it", () => {
    expect(textLine("SUMMARY", "a\r\nb\nc\rd;e,f\\g\u0000h")).toBe("SUMMARY:a\\nb\\nc\\nd\\;e\\,f\\\\gh");
    expect(contentLine("ATTENDEE", "mailto:a\r\nX:b", { CN: 'a"b\r\n:c' })).toBe(
      'ATTENDEE;CN="a’b  :c":mailto:aX:b',
    );
    expect(contentLine("ATTENDEE", "mailto:a", { CN: "a^nb^^c" })).toBe("ATTENDEE;CN=a^^nb^^^c:mailto:a");
  });
});
