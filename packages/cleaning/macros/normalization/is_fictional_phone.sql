{#-
    Whether an E.164 number is one set aside for fiction: area code 555 and
    lines 555-0100 to 555-0199 of North America, and the numbers that Ofcom
    reserves for drama in the United Kingdom.
-#}
{% macro is_fictional_phone(e164) -%}
(
    {{ e164 }} like '+1555%'
    or {{ e164 }} like '+1___55501__'
    or (
        {{ e164 }} like '+44%'
        and (
            {{ e164 }} like '+4411_4960___'
            or {{ e164 }} like '+441_14960___'
            or {{ e164 }} like '+441914980___'
            or {{ e164 }} like '+442079460___'
            or {{ e164 }} like '+442896496___'
            or {{ e164 }} like '+442920180___'
            or {{ e164 }} like '+441632960___'
            or {{ e164 }} like '+447700900___'
            or {{ e164 }} like '+448081570___'
            or {{ e164 }} like '+449098790___'
            or {{ e164 }} like '+443069990___'
        )
    )
)
{%- endmacro %}
