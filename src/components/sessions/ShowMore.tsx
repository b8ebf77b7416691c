import { announce } from "@/components/layout/Announcer";
import { Button } from "@/components/ui/Button";

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
  const showMore = async () => {
    await list.fetchNextPage();
    announce("More sessions are shown.");
  };
  return (
    <div className="mt-5 text-center">
      {list.isFetchNextPageError && (
        <p role="alert" className="mb-3 text-bad">
          The next ones could not be loaded.
        </p>
      )}
      <Button variant="secondary" pending={list.isFetchingNextPage} onClick={showMore}>
        {list.isFetchingNextPage ? "Loading…" : words}
      </Button>
    </div>
  );
}
