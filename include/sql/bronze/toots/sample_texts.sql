-- Texts to measure a model with.
-- Grain: one text. Rows in: every post. Rows out: different texts, picked by hash and so by chance.
select toots.content_text
from {{ toots }} as toots
where toots.content_text <> ''
group by toots.content_text
order by md5(toots.content_text)
limit %(most)s
