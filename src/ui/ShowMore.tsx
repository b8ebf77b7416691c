import { controls } from "#words/controls.ts";
import { moreItems } from "#words/forms.ts";
import { announce } from "./Announcer.tsx";
import { Button } from "./Button.tsx";

type ShowMoreProps = {
  list: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    fetchNextPage: () => Promise<unknown>;
  };
  label: string;
};

/** Loads the next page of a list, if there is one. */
export function ShowMore({ list, label }: ShowMoreProps) {
  if (!list.hasNextPage) return null;
  const showMore = async (button: HTMLElement) => {
    const items = button.closest("section")?.querySelector("[data-sessions]")?.children;
    const before = items?.length ?? 0;
    await list.fetchNextPage();
    announce(moreItems.shown);
    // Focuses the first new item; the button may be gone.
    setTimeout(() => (items?.item(before) as HTMLElement | null)?.focus());
  };
  return (
    <div className="mt-5 text-center">
      {list.isFetchNextPageError && (
        <p role="alert" className="mb-3 text-bad">
          {moreItems.failed}
        </p>
      )}
      <Button
        variant="secondary"
        pending={list.isFetchingNextPage}
        onClick={(event) => showMore(event.currentTarget)}
      >
        {list.isFetchingNextPage ? controls.loading : label}
      </Button>
    </div>
  );
}
