import { Plus, X } from "lucide-react";
import { type KeyboardEvent, type Ref, useRef, useState } from "react";
import { announce } from "@/components/layout/Announcer";
import { Button } from "./Button";
import type { ControlProps } from "./Field";
import { Input } from "./Input";

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

/** Words that are added one by one with Enter, a comma or the button, and removed with their own button. */
export function TagInput({
  control,
  value,
  onChange,
  onBlur,
  ref,
  name,
  max,
  maxLength = 40,
  placeholder,
}: TagInputProps) {
  const [typed, setTyped] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const isFull = value.length >= max;

  const add = (text: string) => {
    const known = new Set(value.map((tag) => tag.toLowerCase()));
    const words = text.split(",").map((word) => word.trim().slice(0, maxLength));
    const fresh = words.filter((word) => word !== "" && !known.has(word.toLowerCase()));
    setTyped("");
    if (fresh.length === 0) return;
    onChange([...value, ...fresh].slice(0, max));
    announce(`Added ${fresh.join(", ")}`);
  };
  const remove = (tag: string) => {
    onChange(value.filter((other) => other !== tag));
    announce(`Removed ${tag}`);
    box.current?.querySelector("input")?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const isAdding = (event.key === "Enter" && typed.trim() !== "") || event.key === ",";
    if (!isAdding || event.nativeEvent.isComposing) return;
    event.preventDefault();
    add(typed);
  };

  return (
    <div ref={box}>
      <div className="flex gap-2">
        <Input
          {...control}
          ref={ref}
          value={typed}
          onChange={({ target }) => (target.value.includes(",") ? add(target.value) : setTyped(target.value))}
          onKeyDown={onKeyDown}
          // What stands in the field when it is left was meant to be in the list.
          onBlur={() => {
            add(typed);
            onBlur?.();
          }}
          maxLength={maxLength}
          disabled={isFull}
          placeholder={isFull ? "The list is full" : placeholder}
          autoComplete="off"
          enterKeyHint="done"
        />
        <Button variant="secondary" onClick={() => add(typed)} disabled={isFull}>
          <Plus aria-hidden className="size-4" />
          Add<span className="sr-only"> to {name.toLowerCase()}</span>
        </Button>
      </div>
      {value.length > 0 && (
        <ul aria-label={name} className="mt-2.5 flex flex-wrap gap-2">
          {value.map((tag) => (
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
