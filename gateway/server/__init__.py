"""The doors: HTTP here, the PostgreSQL protocol in a folder of its own.

A door turns a request into `exchange.Request`, hands it to the desk, and the answer into bytes:

    envelope   query id, body limit, security headers, the last net for unexpected errors
    login      a key or user and key -> Analyst
    bodies     what may stand in a request, and what stands in an answer (OpenAPI)
    desk       one question: idempotency, a bounded crew of threads, log line, metrics
    render     Answer -> JSON, CSV or Arrow; Explanation -> JSON
    problems   Refusal -> application/problem+json
"""
