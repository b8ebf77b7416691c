-- The search compares what people mean: both sides are folded by one function. `unaccent` is not asked for, because many
-- servers do not have it.

create function public.fold_for_search(words text) returns text
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select
      -- Letters that Unicode does not take apart, and the small sigma that ends a word.
      translate(replace(replace(replace(replace(replace(
        lower(normalize(
          -- Accents of Latin letters alone: in other scripts such a mark makes another letter.
          regexp_replace(
            -- Apostrophes, before one of them is taken apart: O’Brien, O'Brien and OBrien are one.
            normalize(translate(words, '''’‘‛ʼʻʹ´`＇', ''), NFKD),
            '([A-Za-zıøØłŁđĐðÐħĦœŒæÆ])[\u0300-\u036F]+', '\1', 'g'),
          NFKC)),
        'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'ẞ', 'ss'),
        'ıøłđðħςØŁĐÐĦ', 'iolddhσolddh')
  $$;
comment on function public.fold_for_search(text) is
  'Text as the search compares it: Unicode''s compatible form, small letters, Latin letters without accents, no apostrophes.';

create function private.words_for_search(folded text) returns text
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select ' ' || regexp_replace(folded, '[[:space:]\u00A0,;:/()\[\]{}"“”„«»|·•–—!?।+-]+|\.+([[:space:]]|$)', ' ', 'g') || ' '
  $$;
comment on function private.words_for_search(text) is 'Folded text with a blank before and after each word.';

create function private.mentor_search_text(
    full_name text, headline text, bio text, expertise text[], languages text[]) returns text
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select public.fold_for_search(concat_ws(
      ' ', full_name, headline, array_to_string(expertise, ' '), array_to_string(languages, ' '), bio))
  $$;
comment on function private.mentor_search_text(text, text, text, text[], text[]) is
  'What the search over mentors looks at.';

revoke execute on function
    public.fold_for_search(text), private.words_for_search(text),
    private.mentor_search_text(text, text, text, text[], text[])
  from public, anon, authenticated, service_role;
grant execute on function public.fold_for_search(text) to anon, authenticated, matepeak_app;
-- Generated columns are computed with the writer's rights.
grant execute on function private.words_for_search(text), private.mentor_search_text(text, text, text, text[], text[])
  to authenticated;

alter table public.expert_profiles drop column search_text;
drop function private.mentor_search_text(text, text, text, text[]);
alter table public.expert_profiles
  add column search_text text not null
    generated always as (private.mentor_search_text(full_name, headline, bio, expertise, languages)) stored,
  add column search_name text not null
    generated always as (private.words_for_search(public.fold_for_search(full_name))) stored,
  add column search_words text not null
    generated always as (private.words_for_search(private.mentor_search_text(full_name, headline, bio, expertise, languages)))
    stored;
comment on column public.expert_profiles.search_words is 'search_text by words, to rank whole words first.';
do $$
begin
  execute format(
    'create index expert_profiles_search_idx on public.expert_profiles using gin (search_text %I.gin_trgm_ops)',
    (select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm'));
end
$$;
