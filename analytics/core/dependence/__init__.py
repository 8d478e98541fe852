"""How the returns of two legs move together, at one time, at lags and at other bar sizes."""
