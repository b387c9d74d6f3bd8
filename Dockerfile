# One image for the web, the worker and the nightly flow. Build: docker build -t mailroom .
FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 OMP_THREAD_LIMIT=1 DO_NOT_TRACK=1 \
    PREFECT_SERVER_ANALYTICS_ENABLED=false MAILROOM_DATA=/var/lib/mailroom
RUN apt-get update \
 && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-fra libgl1 libglib2.0-0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /var/lib/mailroom mailroom
WORKDIR /opt/mailroom
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md cli.py flows.py settings.py prefect.yaml ./
COPY commands commands
COPY models models
COPY pipelines pipelines
COPY ocr ocr
COPY classifiers classifiers
COPY matching matching
COPY connectors connectors
COPY web web
RUN pip install --no-cache-dir --no-deps "setuptools>=77" && pip install --no-cache-dir --no-deps --no-build-isolation -e .
USER mailroom
VOLUME /var/lib/mailroom
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD \
  ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/readyz', timeout=4)"]
ENTRYPOINT ["mailroom"]
CMD ["serve"]
