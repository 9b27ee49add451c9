"""Where Azure takes findings: Microsoft Sentinel, by the Logs Ingestion API. Importing this loads no SDK."""
