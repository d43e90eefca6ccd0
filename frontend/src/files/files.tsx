import { Upload } from "lucide-react";
import { useRef, useState } from "react";
import type { File as Kept, FilePage } from "understudy-client";

import { countOf } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import { wordsOf } from "../parts/notices.tsx";
import { Pager } from "../parts/pager.tsx";
import { Nothing, Room } from "../parts/room.tsx";
import { DropZone } from "./drop-zone.tsx";
import { FileDetails } from "./file-details.tsx";
import { FileFilters } from "./filters.tsx";
import { Gallery } from "./gallery.tsx";
import { ALL, type Search, useFiles } from "./search.ts";
import { UploadList } from "./upload-list.tsx";
import { upload } from "./uploads.ts";

/** The room of the files: those that are there, and the way for others to come in. */
export default function Files() {
  const [search, setSearch] = useState(ALL);
  const [opened, setOpened] = useState<Kept>();
  const { data, error } = useFiles(search);
  return (
    <DropZone onFiles={upload}>
      <Room title="Files" amount={data && countOf(data.total, "file")} actions={<Chooser />}>
        <UploadList />
        <FileFilters search={search} onChange={setSearch} />
        {error && <p role="alert">{wordsOf(error)}</p>}
        {data && <Found found={data} search={search} onSearch={setSearch} onOpen={setOpened} />}
      </Room>
      {opened && <FileDetails key={opened.id} file={opened} onClose={() => setOpened(undefined)} />}
    </DropZone>
  );
}

interface FoundProps {
  readonly found: FilePage;
  readonly search: Search;
  onSearch(search: Search): void;
  onOpen(file: Kept): void;
}

function Found({ found, search, onSearch, onOpen }: FoundProps) {
  const { items, pages } = found;
  if (!items.length && pages < search.page && search.page > 1)
    return <Button onClick={() => onSearch({ ...search, page: Math.max(pages, 1) })}>Go to the last page</Button>;
  if (!items.length) return <Empty isAll={search.q === "" && search.kind === ""} onAll={() => onSearch(ALL)} />;
  return (
    <>
      <Gallery files={items} onOpen={onOpen} />
      <Pager page={search.page} pages={pages} onChange={(page) => onSearch({ ...search, page })} />
    </>
  );
}

function Empty({ isAll, onAll }: { readonly isAll: boolean; onAll(): void }) {
  return (
    <Nothing icon={Upload} title={isAll ? "No files yet" : "No file matches"}>
      <p>{isAll ? "Drop files anywhere on this page, or choose some." : "Try another word or another kind."}</p>
      {isAll ? <Chooser /> : <Button onClick={onAll}>Show all files</Button>}
    </Nothing>
  );
}

function Chooser() {
  const input = useRef<HTMLInputElement>(null);
  function take() {
    upload([...(input.current?.files ?? [])]);
    // So that the same file can be chosen again.
    if (input.current) input.current.value = "";
  }
  return (
    <>
      <input ref={input} type="file" multiple hidden aria-label="Files to upload" onChange={take} />
      <Button icon={Upload} look="main" onClick={() => input.current?.click()}>
        Upload files
      </Button>
    </>
  );
}
