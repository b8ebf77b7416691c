import { Plus, X } from "lucide-react";
import { type KeyboardEvent, type Ref, useRef, useState } from "react";
import { textLimits } from "#rules/limits.ts";
import { tagInput } from "#words/forms.ts";
import { announce } from "./Announcer.tsx";
import { Button } from "./Button.tsx";
import type { ControlProps } from "./Field.tsx";
import { Input } from "./Input.tsx";

type TagInputProps = {
  control: ControlProps;
  value: readonly string[];
  onChange: (tags: string[]) => void;
  onBlur?: () => void;
  ref?: Ref<HTMLInputElement>;
  /** Accessible name of the list. */
  name: string;
  max: number;
  maxLength?: number;
  placeholder?: string;
};

/**
 * Tags are added with Enter, a comma or the button, and removed with their own button. The text in the field already counts
 * as a tag, so submitting the form does not lose it.
 */
export function TagInput({
  control,
  value,
  onChange,
  onBlur,
  ref,
  name,
  max,
  maxLength = textLimits.tag,
  placeholder,
}: TagInputProps) {
  const [typed, setTyped] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const isTypedLast = typed.trim() !== "" && value.at(-1) === typed.trim();
  const tags = isTypedLast ? value.slice(0, -1) : value;
  const isFull = tags.length >= max;

  const type = (text: string) => {
    const words = text.split(",");
    onChange(distinct([...tags, ...words]).slice(0, max));
    setTyped(words.at(-1) ?? "");
  };
  const add = () => {
    if (typed.trim() === "") return;
    setTyped("");
    announce(tagInput.added(typed.trim()));
  };
  const remove = (tag: string) => {
    onChange(value.filter((other) => other !== tag));
    announce(tagInput.removed(tag));
    box.current?.querySelector("input")?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== "Enter" || typed.trim() === "" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    add();
  };

  return (
    <div ref={box}>
      <div className="flex gap-2">
        <Input
          {...control}
          ref={ref}
          value={typed}
          onChange={({ target }) => type(target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => {
            afterPress(() => setTyped(""));
            onBlur?.();
          }}
          maxLength={maxLength}
          disabled={isFull}
          placeholder={isFull ? tagInput.full : placeholder}
          autoComplete="off"
          enterKeyHint="done"
        />
        <Button
          variant="secondary"
          className="shrink-0"
          onClick={add}
          disabled={isFull}
          aria-label={tagInput.addTo(name)}
        >
          <Plus aria-hidden className="size-4" />
          {tagInput.add}
        </Button>
      </div>
      {tags.length > 0 && (
        <ul aria-label={name} className="mt-2.5 flex flex-wrap gap-2">
          {tags.map((tag) => (
            <li
              key={tag}
              className="flex max-w-full items-center rounded-full bg-primary-soft pl-3.5 font-semibold text-primary-text"
            >
              <span className="min-w-0 truncate">{tag}</span>
              <button
                type="button"
                onClick={() => remove(tag)}
                className="grid size-9 shrink-0 place-items-center rounded-full hover:bg-surface pointer-coarse:size-11"
              >
                <X aria-hidden className="size-4" />
                <span className="sr-only">{tagInput.remove(tag)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Runs after the mouse is released: a new tag moves the content below, and the click would miss its button. */
function afterPress(act: () => void): void {
  const isPressed = document.querySelector(":active") !== null;
  if (isPressed) window.addEventListener("mouseup", () => setTimeout(act), { once: true, capture: true });
  else act();
}

function distinct(words: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const word of words.map((each) => each.trim())) {
    const key = word.toLowerCase();
    if (word !== "" && !found.has(key)) found.set(key, word);
  }
  return [...found.values()];
}
