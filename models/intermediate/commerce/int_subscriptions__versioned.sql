-- Delivered subscriptions with the version of the subscription that each stands
-- for. The end that was known in another state is none of this one.
-- Grain: one row per record landed.
{%- set is_other = of_other_state('status_then', 'status') %}
{{ table_versions(
    'commerce', 'subscriptions', record_columns('commerce', 'subscriptions'),
    shown={
        'canceled_at': 'case when not ' ~ is_other ~ ' then canceled_at end',
        'ended_at': 'case when not ' ~ is_other ~ ' then ended_at end',
    },
    alongside={'status_then': ['status', 'canceled_at/ended_at']},
) }}
