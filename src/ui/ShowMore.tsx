import { controls } from "#words/controls.ts";
import { announce } from "./Announcer.tsx";
import { Button } from "./Button.tsx";

type ShowMoreProps = {
  list: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    fetchNextPage: () => Promise<unknown>;
  };
  words: string;
};

/** The next page of a list, when there is one. */
export function ShowMore({ list, words }: ShowMoreProps) {
  if (!list.hasNextPage) return null;
  const showMore = async (button: HTMLElement) => {
    const sessions = button.closest("section")?.querySelector("[data-sessions]")?.children;
    const before = sessions?.length ?? 0;
    await list.fetchNextPage();
    announce("More sessions are shown.");
    // Reading goes on with the first new one; the button itself may be gone.
    setTimeout(() => (sessions?.item(before) as HTMLElement | null)?.focus());
  };
  return (
    <div className="mt-5 text-center">
      {list.isFetchNextPageError && (
        <p role="alert" className="mb-3 text-bad">
          The next ones could not be loaded.
        </p>
      )}
      <Button
        variant="secondary"
        pending={list.isFetchingNextPage}
        onClick={(event) => showMore(event.currentTarget)}
      >
        {list.isFetchingNextPage ? controls.loading : words}
      </Button>
    </div>
  );
}
