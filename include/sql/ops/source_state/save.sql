-- Writes down what is known about one instance after a request, or before one. Rows in and out: one.

update {{ ops }}.source_state
set
    breaker = %(breaker)s,
    failures_in_a_row = %(failures_in_a_row)s,
    opened_at = %(opened_at)s,
    last_error = %(last_error)s,
    rate_limit = %(rate_limit)s,
    rate_remaining = %(rate_remaining)s,
    rate_reset_at = %(rate_reset_at)s,
    next_request_at = %(next_request_at)s,
    last_success_at = %(last_success_at)s,
    requests = requests + %(requests)s,
    request_seconds = request_seconds + %(request_seconds)s,
    updated_at = clock_timestamp()
where source = %(source)s and instance = %(instance)s;
