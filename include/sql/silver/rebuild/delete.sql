-- Removes what one table says of these posts; what bronze knows of them is written again in the same transaction.
-- Grain: none. Rows in: touched. Rows out: gone.
delete from {{ silver }}.{{ table }} as known
using touched
inner join {{ silver }}.dim_content as content on touched.uri = content.uri
where known.{{ key }} = content.content_key
