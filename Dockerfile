# Builds the wheel in one stage and installs it in the next: the image tests the packaging.
FROM python:3.11-slim AS build
WORKDIR /build
COPY requirements.lock pyproject.toml README.md LICENSE ./
COPY src src
COPY templates templates
COPY statements statements
RUN python -m venv /app \
 && /app/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock \
 && /app/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir dist . \
 && /app/bin/pip install --no-cache-dir --no-deps dist/*.whl

FROM python:3.11-slim
COPY --from=build /app /app
RUN mkdir /data && chown 10001:10001 /data
USER 10001:10001
WORKDIR /data
VOLUME /data
# The user has no name in the image, and who acts is told by name. Nothing is written but to /data and /tmp: the root may
# be read-only (docker run --read-only --tmpfs /tmp).
ENV PATH=/app/bin:$PATH DONATIONS_DATABASE_URL=sqlite:////data/donations.sqlite LOGNAME=donations \
  PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=30s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["donations", "serve", "--host", "0.0.0.0"]
