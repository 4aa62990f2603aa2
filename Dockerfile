FROM python:3.11-slim

RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 interviewer \
    && mkdir -p /data /models \
    && chown interviewer /data /models

WORKDIR /srv
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY prompts prompts
COPY knowledge knowledge
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable .

USER interviewer
ENV INTERVIEWER_HOST=0.0.0.0 \
    INTERVIEWER_DATA_DIR=/data \
    INTERVIEWER_MODEL_DIR=/models \
    PYTHONUNBUFFERED=1
VOLUME ["/data", "/models"]
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["interviewer", "serve"]
