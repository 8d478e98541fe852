"""The contract list (`exchangeInfo`) in the venue's form."""

from typing import Any

from market.simulator.symbols import Contract

_ONBOARDED_MS = 1_569_398_400_000
_LIMITS = (("REQUEST_WEIGHT", "MINUTE", 1), ("ORDERS", "MINUTE", 1), ("ORDERS", "SECOND", 10))


def exchange_info(contracts: tuple[Contract, ...], *, now_ms: int, weight_limit: int) -> dict[str, Any]:
    limits = (weight_limit, 1_200, 300)
    return {
        "timezone": "UTC",
        "serverTime": now_ms,
        "futuresType": "U_MARGINED",
        "rateLimits": [
            {"rateLimitType": kind, "interval": interval, "intervalNum": number, "limit": limit}
            for (kind, interval, number), limit in zip(_LIMITS, limits, strict=True)
        ],
        "exchangeFilters": [],
        "assets": [{"asset": "USDT", "marginAvailable": True, "autoAssetExchange": "-10000"}],
        "symbols": [_symbol(contract) for contract in contracts],
    }


def _symbol(contract: Contract) -> dict[str, Any]:
    return {
        "symbol": contract.symbol,
        "pair": contract.pair,
        "contractType": contract.contract_type,
        "deliveryDate": contract.delivery_ms,
        "onboardDate": _ONBOARDED_MS,
        "status": contract.status,
        "maintMarginPercent": "2.5000",
        "requiredMarginPercent": "5.0000",
        "baseAsset": contract.base_asset,
        "quoteAsset": "USDT",
        "marginAsset": "USDT",
        "pricePrecision": contract.tick_parts[1],
        "quantityPrecision": contract.step_parts[1],
        "baseAssetPrecision": 8,
        "quotePrecision": 8,
        "underlyingType": "COIN",
        "underlyingSubType": [],
        "triggerProtect": "0.0500",
        "liquidationFee": "0.012500",
        "marketTakeBound": "0.05",
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": contract.tick, "maxPrice": "4529764", "tickSize": contract.tick},
            {"filterType": "LOT_SIZE", "minQty": contract.step, "maxQty": "10000000", "stepSize": contract.step},
            {"filterType": "MARKET_LOT_SIZE", "minQty": contract.step, "maxQty": "1000000", "stepSize": contract.step},
            {"filterType": "MAX_NUM_ORDERS", "limit": 200},
            {"filterType": "MIN_NOTIONAL", "notional": "5"},
            {
                "filterType": "PERCENT_PRICE",
                "multiplierUp": "1.0500",
                "multiplierDown": "0.9500",
                "multiplierDecimal": "4",
            },
        ],
        "orderTypes": ["LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET"],
        "timeInForce": ["GTC", "IOC", "FOK", "GTX"],
    }
