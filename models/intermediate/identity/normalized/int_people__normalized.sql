-- People in the forms in which their fields are compared.
-- Grain: one row per record.
{{ identity_step('people', 'normalized') }}
