-- Fails for each region without the digits that lead to it from abroad.
select region_code
from {{ ref('phone_regions') }}
where calling_code is null
