import { Search, X } from "lucide-react";
import { useEffect, useState } from "react";
import { textLimits } from "#rules/limits.ts";
import { mentorSearch } from "#words/mentorSearch.ts";
import { useDebounced } from "@/lib/useDebounced.ts";
import { Button } from "@/ui/Button.tsx";
import { Input } from "@/ui/Input.tsx";

const REST_MS = 300;

/** Searches while the person types, after a short pause. `onSearch` is called only for changes made here. */
export function MentorSearch({ query, onSearch }: { query: string; onSearch: (query: string) => void }) {
  const [text, setText] = useState(query);
  const [known, setKnown] = useState(query);
  const settled = useDebounced(text, REST_MS);

  // The address changed elsewhere (Back, a link), so the field follows it.
  if (query !== known) {
    setKnown(query);
    if (query !== text.trim()) setText(query);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a pause in typing starts a search, not a changed address.
  useEffect(() => {
    if (settled === text && settled.trim() !== query) onSearch(settled.trim());
  }, [settled]);

  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(text.trim());
        }}
        className="relative"
      >
        <label htmlFor="mentor-search" className="sr-only">
          {mentorSearch.label}
        </label>
        <Search aria-hidden className="absolute top-1/2 left-4 size-6 -translate-y-1/2 text-ink-soft" />
        <Input
          id="mentor-search"
          type="search"
          enterKeyHint="search"
          maxLength={textLimits.search}
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder={mentorSearch.placeholder}
          className="min-h-15 pr-13 pl-13 text-lg shadow-card [&::-webkit-search-cancel-button]:hidden"
        />
        {text !== "" && (
          <Button
            variant="ghost"
            size="icon"
            aria-label={mentorSearch.clear}
            onClick={() => {
              setText("");
              onSearch("");
            }}
            className="absolute top-1/2 right-2 -translate-y-1/2 active:-translate-y-1/2"
          >
            <X aria-hidden className="size-5" />
          </Button>
        )}
      </form>
    </search>
  );
}
