import { Plus, X } from "lucide-react";
import { type KeyboardEvent, type Ref, useRef, useState } from "react";
import { textLimits } from "#rules/limits.ts";
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
  /** What the list of tags is called. */
  name: string;
  max: number;
  maxLength?: number;
  placeholder?: string;
};

/**
 * Words that are added one by one with Enter, a comma or the button, and removed with their own button. What is still being
 * typed is part of the value already: a form that is sent meanwhile does not lose it.
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
    announce(`Added ${typed.trim()}`);
  };
  const remove = (tag: string) => {
    onChange(value.filter((other) => other !== tag));
    announce(`Removed ${tag}`);
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
          placeholder={isFull ? "The list is full" : placeholder}
          autoComplete="off"
          enterKeyHint="done"
        />
        <Button variant="secondary" onClick={add} disabled={isFull}>
          <Plus aria-hidden className="size-4" />
          Add<span className="sr-only"> to {name.toLowerCase()}</span>
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
                <span className="sr-only">Remove {tag}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Once the mouse is up: a word that becomes a tag moves what is below, and the click would miss its button. */
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
